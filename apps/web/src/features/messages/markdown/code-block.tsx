import { Check, Copy } from "lucide-react";
import { lazy, Suspense, useState } from "react";

/** Is loaded with the first block that names its language. */
const Highlighted = lazy(() =>
  import("./highlighted.tsx").then(({ Highlighted: component }) => ({ default: component })),
);

/** Longer ones keep one colour, characters. */
const mostColoured = 10_000;

interface CodeBlockProps {
  readonly code: string;
  /** As it was written after the fence. */
  readonly language: string | undefined;
}

export function CodeBlock({ code, language = "" }: CodeBlockProps) {
  const [name = ""] = language.trim().toLowerCase().split(/\s/);
  return (
    <figure
      aria-label={name === "" ? "Code" : `Code, ${name}`}
      className="group/code relative my-1 rounded-medium border border-line bg-canvas"
      dir="ltr"
    >
      <pre
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        tabIndex={0}
        className="overflow-x-auto px-3 py-2 font-mono text-small [overflow-wrap:normal]"
      >
        <code>
          {name === "" || code.length > mostColoured ? (
            code
          ) : (
            <Suspense fallback={code}>
              <Highlighted code={code} language={name} />
            </Suspense>
          )}
        </code>
      </pre>
      <CopyButton text={code} />
    </figure>
  );
}

function CopyButton({ text }: { readonly text: string }) {
  const [isCopied, setCopied] = useState(false);
  return (
    <button
      type="button"
      aria-label={isCopied ? "Copied" : "Copy code"}
      title={isCopied ? "Copied" : "Copy code"}
      onClick={() => void navigator.clipboard.writeText(text).then(() => setCopied(true))}
      className="absolute top-1 right-1 flex size-8 items-center justify-center rounded-small bg-canvas text-soft opacity-0 hover:bg-hover hover:text-ink focus-visible:opacity-100 group-hover/code:opacity-100"
    >
      {isCopied ? <Check size={15} /> : <Copy size={15} />}
    </button>
  );
}
