import type { SQL } from "bun";
import { StartError } from "../../config/start-error.ts";

export interface Installation {
  /** Changes when the database was restored from a backup [L21]. */
  readonly epoch: string;
}

/**
 * Binds the database to the secret key of its first server, and checks that ours is the same.
 * @param fingerprint of the secret key
 * @param previous of the key before it, during a rotation: a database that is bound to that one is bound anew
 * @throws StartError for another key: tokens of one node would be void on the next
 */
export async function checkInstallation(sql: SQL, fingerprint: string, previous?: string): Promise<Installation> {
  await sql`update installation set secret_fingerprint = ${fingerprint} 
    where secret_fingerprint is null or secret_fingerprint = ${previous ?? fingerprint}`;
  const rows: { epoch: string; secret_fingerprint: string }[] =
    await sql`select epoch, secret_fingerprint from installation`;
  const [installation] = rows;
  if (installation === undefined) throw new StartError("The database has lost the row of its table installation.");
  if (installation.secret_fingerprint !== fingerprint) {
    throw new StartError(
      "The secret key is not the one this database was set up with: give that one as HUBBUB_SECRET_KEY, or put its file secret.key back into the data directory.",
    );
  }
  return { epoch: installation.epoch };
}
