import type { Clock } from "../../ports/clock.ts";
import { type CleanUpMediaDeps, deleteMediaBytes, endStaleUploads, removeOrphanBlobs } from "./clean-up-media.ts";

/** What keeps the store free of what belongs to nobody [M6] [M7]; without `everyMinutes` once a day. */
export function mediaJobs(deps: CleanUpMediaDeps & { readonly clock: Clock }) {
  return [
    { name: "delete-media", everyMinutes: 1, run: (signal: AbortSignal) => deleteMediaBytes(deps, signal) },
    { name: "end-stale-uploads", everyMinutes: 30, run: (signal: AbortSignal) => endStaleUploads(deps, signal) },
    {
      name: "remove-orphan-blobs",
      run: (signal: AbortSignal) => removeOrphanBlobs(deps, deps.clock.now(), signal),
    },
  ];
}
