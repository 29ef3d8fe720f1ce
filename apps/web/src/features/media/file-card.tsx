import type { Attachment } from "@hubbub/contract";
import { Download } from "lucide-react";
import { Spinner } from "../../ui/spinner.tsx";
import { useAction, useChatStore } from "../chat/index.ts";
import { FileIcon } from "./file-icon.tsx";
import { saveMedium } from "./save-medium.ts";
import { formatSize } from "./sizes.ts";

/** A file by its name, to be saved. */
export function FileCard({ file }: { readonly file: Attachment }) {
  const store = useChatStore();
  const save = useAction(() => saveMedium(store, file));
  return (
    <button
      type="button"
      aria-label={`Download ${file.fileName}, ${formatSize(file.size)}`}
      disabled={save.isBusy}
      onClick={() => save.run()}
      className="group/file flex w-80 max-w-full items-center gap-3 rounded-medium border border-line bg-raised px-3 py-2.5 text-left transition-colors duration-100 hover:bg-hover"
    >
      <FileIcon contentType={file.contentType} />
      <span className="min-w-0 flex-1">
        <span dir="auto" className="block truncate font-medium text-small">
          {file.fileName}
        </span>
        <span role="status" className="block truncate text-caption text-faint">
          {save.failure ?? formatSize(file.size)}
        </span>
      </span>
      <span className="flex size-5 shrink-0 items-center justify-center text-faint group-hover/file:text-ink">
        {save.isBusy ? <Spinner /> : <Download size={18} aria-hidden="true" />}
      </span>
    </button>
  );
}
