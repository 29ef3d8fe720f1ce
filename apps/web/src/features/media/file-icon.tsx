import { FileArchive, File as FileGeneral, FileImage, FileMusic, FileText, FileVideoCamera } from "lucide-react";

const icons = [
  [/^image\//, FileImage],
  [/^audio\//, FileMusic],
  [/^video\//, FileVideoCamera],
  [/^text\/|pdf|document|msword|json/, FileText],
  [/zip|tar|compressed|rar/, FileArchive],
] as const;

export function FileIcon({ contentType }: { readonly contentType: string }) {
  const [, Icon] = icons.find(([type]) => type.test(contentType)) ?? [undefined, FileGeneral];
  return (
    <span className="flex size-9 shrink-0 items-center justify-center rounded-small bg-accent-wash text-accent">
      <Icon size={19} aria-hidden="true" />
    </span>
  );
}
