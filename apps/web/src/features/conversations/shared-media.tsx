import type { Attachment, Conversation, ConversationId, OperationRequest } from "@hubbub/contract";
import { useEffect, useState } from "react";
import { Button } from "../../ui/button.tsx";
import { classNames } from "../../ui/class-names.ts";
import { ErrorNotice } from "../../ui/notice.tsx";
import { Spinner } from "../../ui/spinner.tsx";
import { useSession } from "../auth/index.ts";
import { useAction } from "../chat/index.ts";
import { kindOf, type MediaKind, MessageMedia } from "../media/index.ts";

/** Messages asked for at once. */
const pageSize = 30;

interface Shelf {
  readonly kind: MediaKind;
  readonly has: NonNullable<OperationRequest<"searchMessages">["has"]>;
  readonly name: string;
}

const pictures: Shelf = { kind: "picture", has: "image", name: "Pictures" };
const shelves: readonly Shelf[] = [
  pictures,
  { kind: "film", has: "video", name: "Videos" },
  { kind: "sound", has: "audio", name: "Sound" },
  { kind: "file", has: "file", name: "Files" },
];

/** What was shared in a conversation, the newest first. */
export function SharedMedia({ conversation: { id, lastMessage } }: { readonly conversation: Conversation }) {
  const [shelf, setShelf] = useState(pictures);
  const newest = lastMessage?.media === undefined ? "" : lastMessage.id;
  return (
    <section aria-label="Shared media">
      <h3 className="mb-1 font-medium text-small">Shared media</h3>
      <div className="-mx-1.5 mb-2 flex flex-wrap gap-1">
        {shelves.map((each) => (
          <button
            key={each.kind}
            type="button"
            aria-pressed={each === shelf}
            onClick={() => setShelf(each)}
            className={classNames(
              "min-h-8 rounded-small px-2 font-medium text-caption",
              each === shelf ? "bg-accent-wash text-ink" : "text-soft hover:bg-hover hover:text-ink",
            )}
          >
            {each.name}
          </button>
        ))}
      </div>
      <Content key={`${shelf.kind} ${newest}`} id={id} shelf={shelf} />
    </section>
  );
}

interface Found {
  readonly media: readonly Attachment[];
  readonly nextCursor: string | null;
}

function Content({ id, shelf: { kind, has } }: { readonly id: ConversationId; readonly shelf: Shelf }) {
  const { api } = useSession();
  const [found, setFound] = useState<Found>();
  const load = useAction(async (before: Found | undefined) => {
    const cursor = before?.nextCursor ?? undefined;
    const { items, nextCursor } = await api.call("searchMessages", {
      ...{ conversationId: id, has, limit: pageSize },
      ...(cursor !== undefined && { cursor }),
    });
    const more = items.flatMap(({ message }) => message.media ?? []).filter((medium) => kindOf(medium) === kind);
    setFound({ media: distinct([...(before?.media ?? []), ...more]), nextCursor });
  });
  const { run } = load;
  // biome-ignore lint/correctness/useExhaustiveDependencies: it is read once; another shelf is another one of these
  useEffect(() => run(undefined), []);
  return (
    <>
      {found !== undefined && found.media.length > 0 && <MessageMedia media={found.media} />}
      {found?.media.length === 0 && found.nextCursor === null && (
        <p className="text-small text-faint">Nothing of this kind was shared here.</p>
      )}
      {load.failure !== undefined && <ErrorNotice>{load.failure}</ErrorNotice>}
      {load.isBusy && (
        <p role="status" className="flex items-center gap-2 py-2 text-small text-soft">
          <Spinner /> Looking…
        </p>
      )}
      {!load.isBusy && (load.failure !== undefined || (found?.nextCursor ?? null) !== null) && (
        <Button className="mt-2" onClick={() => run(found)}>
          {load.failure === undefined ? "Show more" : "Try again"}
        </Button>
      )}
    </>
  );
}

/** What was forwarded within a conversation is shown once. */
function distinct(media: readonly Attachment[]): readonly Attachment[] {
  return [...new Map(media.map((medium) => [medium.id, medium])).values()];
}
