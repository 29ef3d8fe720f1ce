import type { Operation } from "../../operations/operation.ts";
import { type ConfirmMediaDeps, confirmMediaOperation } from "./confirm-media.ts";
import { type CreateMediaDeps, createMediaOperation } from "./create-media.ts";
import { deleteMediaOperation } from "./delete-media.ts";
import { getMediaOperation } from "./get-media.ts";
import { getMediaUrlOperation } from "./get-media-url.ts";

export { forgetDeletedMediaConsumer } from "./forget-deleted.ts";
export { mediaJobs } from "./jobs.ts";
export { lookIntoUploadedConsumer } from "./look-into-uploaded.ts";
export { mediaSections } from "./personal-sections.ts";

/** Uploads, and who may have what was uploaded. */
export function mediaOperations(deps: CreateMediaDeps & ConfirmMediaDeps): readonly Operation[] {
  return [
    createMediaOperation(deps),
    confirmMediaOperation(deps),
    getMediaOperation(deps),
    getMediaUrlOperation(deps),
    deleteMediaOperation(deps),
  ];
}
