import type { ReactNode } from "react";
import { Logo } from "../../ui/logo.tsx";

interface AuthFrameProps {
  readonly title: string;
  readonly children: ReactNode;
  readonly footer: ReactNode;
}

/** The page around the forms of people who are not signed in. */
export function AuthFrame({ title, children, footer }: AuthFrameProps) {
  return (
    <main className="flex h-full flex-col items-center overflow-y-auto px-5 py-10 sm:justify-center">
      <div className="w-full max-w-96">
        <Logo />
        <h1 className="mt-8 mb-6 font-semibold text-display tracking-tight">{title}</h1>
        {children}
        <p className="mt-6 text-small text-soft">{footer}</p>
      </div>
    </main>
  );
}
