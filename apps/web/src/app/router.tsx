import { createRootRoute, createRoute, createRouter, Outlet, redirect } from "@tanstack/react-router";
import { LoginView } from "../features/auth/login-view.tsx";
import type { Session } from "../features/auth/session.ts";
import { SignupView } from "../features/auth/signup-view.tsx";
import { ChatShell } from "./chat-shell.tsx";
import { NotFound, RootGate } from "./root-gate.tsx";

interface LoginSearch {
  /** Where to go on after it: a path of this page. */
  readonly next?: string;
}

function parseLoginSearch({ next }: Record<string, unknown>): LoginSearch {
  return typeof next === "string" && /^\/c\/[\w-]+$/.test(next) ? { next } : {};
}

/** All addresses of the page. Who is signed in decides which of them may be seen. */
export function makeRouter(session: Session) {
  const root = createRootRoute({ component: RootGate, notFoundComponent: NotFound });
  const forGuests = createRoute({
    getParentRoute: () => root,
    id: "guests",
    component: Outlet,
    validateSearch: parseLoginSearch,
    beforeLoad: ({ search }) => {
      if (session.getState().status === "signedIn") throw redirect({ to: search.next ?? "/", replace: true });
    },
  });
  const chat = createRoute({
    getParentRoute: () => root,
    id: "chat",
    component: ChatShell,
    beforeLoad: ({ location }) => {
      if (session.getState().status !== "signedOut") return;
      const search = location.pathname === "/" ? {} : { next: location.pathname };
      throw redirect({ to: "/login", search, replace: true });
    },
  });
  const routeTree = root.addChildren([
    forGuests.addChildren([
      createRoute({ getParentRoute: () => forGuests, path: "/login", component: LoginView }),
      createRoute({ getParentRoute: () => forGuests, path: "/signup", component: SignupView }),
    ]),
    chat.addChildren([
      createRoute({ getParentRoute: () => chat, path: "/" }),
      createRoute({ getParentRoute: () => chat, path: "/c/$conversationId" }),
    ]),
  ]);
  return createRouter({ routeTree });
}

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof makeRouter>;
  }
}
