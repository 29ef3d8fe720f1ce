import type { Upload, UploadState } from "@hubbub/client";
import { Check, RotateCw, X } from "lucide-react";
import { useCallback, useSyncExternalStore } from "react";
import { IconButton } from "../../ui/button.tsx";
import { classNames } from "../../ui/class-names.ts";
import { Spinner } from "../../ui/spinner.tsx";
import type { ChosenFile } from "./attachment-tray.ts";
import { FileIcon } from "./file-icon.tsx";
import { ProgressRing } from "./progress-ring.tsx";
import { formatSize } from "./sizes.ts";

interface AttachmentItemProps {
  readonly file: ChosenFile;
  readonly onRemove: () => void;
}

/** A chosen file: what it is, how far it got, and what can be done about it. */
export function AttachmentItem({ file, onRemove }: AttachmentItemProps) {
  if ("refusal" in file) return <Refused file={file} onRemove={onRemove} />;
  return <Uploading file={file} onRemove={onRemove} />;
}

const itemClass = "flex min-w-0 items-center gap-2.5 rounded-medium border bg-raised py-1.5 pr-1 pl-1.5";

function Refused({
  file,
  onRemove,
}: {
  readonly file: ChosenFile & { refusal: string };
  readonly onRemove: () => void;
}) {
  return (
    <li className={classNames(itemClass, "border-danger/40")}>
      <FileIcon contentType={file.contentType} />
      <About name={file.name} says={file.refusal} isFailure />
      <Remove name={file.name} onRemove={onRemove} />
    </li>
  );
}

type UploadingFile = Extract<ChosenFile, { upload: Upload }>;

function Uploading({ file, onRemove }: { readonly file: UploadingFile; readonly onRemove: () => void }) {
  const { name, size, preview, upload } = file;
  const state = useUploadState(upload);
  const isFailure = state.status === "failed";
  return (
    <li className={classNames(itemClass, isFailure ? "border-danger/40" : "border-line")}>
      {preview === undefined ? (
        <FileIcon contentType={file.contentType} />
      ) : (
        <img src={preview} alt="" className="size-9 shrink-0 rounded-small bg-hover object-cover" />
      )}
      <About
        name={name}
        says={isFailure ? state.failure : `${formatSize(size)} · ${wordsFor(state)}`}
        isFailure={isFailure}
      />
      {isFailure ? (
        <IconButton label={`Try again: ${name}`} className="size-8" onClick={() => upload.retry()}>
          <RotateCw size={16} />
        </IconButton>
      ) : (
        <Mark state={state} />
      )}
      <Remove name={name} onRemove={onRemove} />
    </li>
  );
}

function useUploadState(upload: Upload): UploadState {
  return useSyncExternalStore(
    useCallback((listener) => upload.subscribe(listener), [upload]),
    () => upload.state,
  );
}

function wordsFor(state: UploadState): string {
  switch (state.status) {
    case "sending":
      return `${Math.floor(state.sent * 100)} %`;
    case "checking":
      return "Checking…";
    case "ready":
      return "Ready";
    case "failed":
      return state.failure;
    case "cancelled":
      return "Cancelled";
    default:
      return state satisfies never;
  }
}

function Mark({ state }: { readonly state: UploadState }) {
  return (
    <span className="flex size-6 shrink-0 items-center justify-center text-accent">
      {state.status === "sending" && <ProgressRing done={state.sent} />}
      {state.status === "checking" && <Spinner />}
      {state.status === "ready" && <Check size={17} aria-hidden="true" />}
    </span>
  );
}

interface AboutProps {
  readonly name: string;
  readonly says: string;
  readonly isFailure: boolean;
}

function About({ name, says, isFailure }: AboutProps) {
  return (
    <span className="min-w-0 flex-1">
      <span dir="auto" className="block truncate font-medium text-small">
        {name}
      </span>
      <span
        role={isFailure ? "alert" : undefined}
        className={classNames("block text-caption tabular-nums", isFailure ? "text-danger" : "truncate text-faint")}
      >
        {says}
      </span>
    </span>
  );
}

function Remove({ name, onRemove }: { readonly name: string; readonly onRemove: () => void }) {
  return (
    <IconButton label={`Remove ${name}`} className="size-8" onClick={onRemove}>
      <X size={16} />
    </IconButton>
  );
}
