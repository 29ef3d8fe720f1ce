export { AttachButton } from "./attach-button.tsx";
export { AttachmentList } from "./attachment-list.tsx";
export { Attachments, useAttachmentTray } from "./attachments.tsx";
export { DropTarget } from "./drop-target.tsx";
export { gist, kindOf, type MediaKind } from "./kinds.ts";
export { MessageMedia } from "./message-media.tsx";
