/** Says aloud that something was kept. */
export function Saved({ text }: { readonly text: string | undefined }) {
  return (
    <p role="status" className="min-h-5 text-small text-soft">
      {text}
    </p>
  );
}
