import { Sparkles } from "lucide-react";
import { useEffect } from "react";
import { keepPage, showNewerVersion, useNewerVersion } from "./kept-page.ts";

let isKeeping = false;

/** Says that the page is newer on the server than in this window, and lets one choose when to change. */
export function VersionBanner() {
  const isNewer = useNewerVersion();
  useEffect(() => {
    if (!isKeeping) void keepPage().catch(() => undefined); // without it the page is as it ever was
    isKeeping = true;
  }, []);
  return (
    <div role="status" className="shrink-0">
      {isNewer && (
        <p className="flex animate-arrive items-center justify-center gap-2 bg-accent-wash px-4 py-1.5 text-small">
          <Sparkles size={15} aria-hidden="true" className="text-accent" />A new version is ready.
          <button
            type="button"
            onClick={showNewerVersion}
            className="rounded-small px-1 font-medium text-accent underline underline-offset-2"
          >
            Show it
          </button>
        </p>
      )}
    </div>
  );
}
