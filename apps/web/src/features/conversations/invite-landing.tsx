import { Link2Off } from "lucide-react";
import { Button } from "../../ui/button.tsx";
import { Link } from "../../ui/navigation.tsx";
import { EmptyState, ErrorNotice } from "../../ui/notice.tsx";
import { Spinner } from "../../ui/spinner.tsx";
import { textLinkClass } from "../../ui/text-link.ts";
import { useSession } from "../auth/index.ts";
import { useAction, useLoaded } from "../chat/index.ts";
import { PublicConversationAbout } from "./public-conversation-about.tsx";
import { useEnter } from "./use-enter.ts";

/** Shows where a link leads before one goes there. */
export function InviteLanding({ token }: { readonly token: string }) {
  const { api } = useSession();
  const enter = useEnter();
  const { loaded } = useLoaded(() => api.call("getInvite", { token }), [api, token]);
  const join = useAction(async () => enter((await api.call("acceptInvite", { token })).conversation));
  switch (loaded.status) {
    case "loading":
      return (
        <p role="status" className="flex h-full items-center justify-center gap-3 text-soft">
          <Spinner /> Opening the link…
        </p>
      );
    case "failed":
      return (
        <EmptyState className="h-full" icon={<Link2Off size={36} />} title="This link leads nowhere">
          <p className="max-w-80 text-soft">{loaded.detail} Ask whoever sent it for a new one.</p>
          <Link to="/" className={textLinkClass}>
            Back to conversations
          </Link>
        </EmptyState>
      );
    case "ready":
      return (
        <section aria-label="Invitation" className="flex h-full items-center justify-center p-4">
          <div className="w-full max-w-96 rounded-large border border-line bg-raised p-5">
            <h1 className="mb-4 font-semibold text-title">You are invited</h1>
            <PublicConversationAbout conversation={loaded.value.invite.conversation} />
            {join.failure !== undefined && (
              <div className="mt-3">
                <ErrorNotice>{join.failure}</ErrorNotice>
              </div>
            )}
            <div className="mt-5 flex items-center justify-end gap-4">
              <Link to="/" className={textLinkClass}>
                Not now
              </Link>
              <Button look="primary" isBusy={join.isBusy} onClick={() => join.run()}>
                Join
              </Button>
            </div>
          </div>
        </section>
      );
    default:
      return loaded satisfies never;
  }
}
