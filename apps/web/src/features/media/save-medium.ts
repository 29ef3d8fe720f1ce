import type { ChatStore } from "@hubbub/client";
import type { Attachment } from "@hubbub/contract";
import { kindOf } from "./kinds.ts";

/** Has the browser save a medium under its name. @throws HubbubError, and what the network throws */
export async function saveMedium({ media }: ChatStore, medium: Attachment): Promise<void> {
  const url = await media.addresses.get(medium.id);
  if (kindOf(medium) === "file" || url.startsWith("blob:")) return follow(url, medium.fileName);
  // what a browser shows in place it would show instead of saving, where the store is not of this origin
  const copy = URL.createObjectURL(await (await fetch(url)).blob());
  follow(copy, medium.fileName);
  URL.revokeObjectURL(copy);
}

function follow(url: string, fileName: string): void {
  const link = document.createElement("a");
  link.href = url;
  link.download = fileName;
  link.rel = "noreferrer";
  link.click();
}
