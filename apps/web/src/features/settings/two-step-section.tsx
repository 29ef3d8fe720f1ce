import { lazy, Suspense, useEffect, useState } from "react";
import { Button } from "../../ui/button.tsx";
import { ErrorNotice } from "../../ui/notice.tsx";
import { Spinner } from "../../ui/spinner.tsx";
import { TextField } from "../../ui/text-field.tsx";
import { formErrors, textOf, useFormSubmission, useSession } from "../auth/index.ts";
import { useConfirmedSubmission } from "./use-confirmed-submission.tsx";

const QrCode = lazy(() => import("./qr-code.tsx").then(({ QrCode: component }) => ({ default: component })));

type State =
  | { readonly kind: "loading" }
  | { readonly kind: "failed"; readonly why: string | undefined }
  | { readonly kind: "off" }
  | { readonly kind: "settingUp"; readonly secret: string; readonly uri: string }
  /** Shown this once. */
  | { readonly kind: "codes"; readonly recoveryCodes: readonly string[] }
  | { readonly kind: "on"; readonly recoveryCodesLeft: number };

interface StepProps {
  readonly onDone: (next: State) => void;
}

/** Whether log-ins ask for a code, and the ways to change it. */
export function TwoStepSection() {
  const { api } = useSession();
  const [state, setState] = useState<State>({ kind: "loading" });
  useEffect(() => {
    let isWanted = true;
    const show = (next: State): void => {
      if (isWanted) setState(next);
    };
    api.call("getTotp", {}).then(
      ({ enabled, recoveryCodesLeft }) => show(enabled ? { kind: "on", recoveryCodesLeft } : { kind: "off" }),
      (error: unknown) => show({ kind: "failed", why: formErrors(error, []).form }),
    );
    return () => {
      isWanted = false;
    };
  }, [api]);
  return step(state, setState);
}

function step(state: State, onDone: (next: State) => void) {
  switch (state.kind) {
    case "loading":
      return <Spinner />;
    case "failed":
      return <ErrorNotice>{state.why}</ErrorNotice>;
    case "off":
      return <SetUp onDone={onDone} />;
    case "settingUp":
      return <Enable {...state} onDone={onDone} />;
    case "codes":
      return <RecoveryCodes {...state} onDone={onDone} />;
    case "on":
      return (
        <>
          <Renew {...state} onDone={onDone} />
          <Disable onDone={onDone} />
        </>
      );
  }
}

function SetUp({ onDone }: StepProps) {
  const { api } = useSession();
  const { errors, isBusy, onSubmit, passwordField } = useConfirmedSubmission([], async (_form, confirmation) =>
    onDone({ kind: "settingUp", ...(await api.call("setUpTotp", confirmation)) }),
  );
  return (
    <form onSubmit={onSubmit} className="flex flex-col gap-3">
      <p className="text-small text-soft">
        After your password, a log-in then also asks for a code from an app on your phone. A password that someone has
        stolen is of no use to them.
      </p>
      {errors.form !== undefined && <ErrorNotice>{errors.form}</ErrorNotice>}
      {passwordField}
      <Button type="submit" isBusy={isBusy}>
        Set up
      </Button>
    </form>
  );
}

function Enable({ secret, uri, onDone }: StepProps & { readonly secret: string; readonly uri: string }) {
  const { api } = useSession();
  const { errors, isBusy, onSubmit } = useFormSubmission(["code"], async (form) =>
    onDone({ kind: "codes", ...(await api.call("enableTotp", { code: textOf(form, "code") })) }),
  );
  return (
    <form onSubmit={onSubmit} className="flex flex-col gap-3">
      <p className="text-small text-soft">Scan this with an authenticator app, or type the key into it.</p>
      <div className="flex min-h-48 justify-center">
        <Suspense fallback={<Spinner />}>
          <QrCode text={uri} label="QR code for an authenticator app" />
        </Suspense>
      </div>
      <p className="text-small">
        Key: <code className="break-all">{secret}</code>
      </p>
      {errors.form !== undefined && <ErrorNotice>{errors.form}</ErrorNotice>}
      <TextField
        label="Code"
        hint="The six digits that the app shows now."
        name="code"
        inputMode="numeric"
        autoComplete="one-time-code"
        autoFocus
        required
        error={errors.fields["code"]}
      />
      <Button type="submit" look="primary" isBusy={isBusy}>
        Turn on
      </Button>
    </form>
  );
}

function RecoveryCodes({ recoveryCodes, onDone }: StepProps & { readonly recoveryCodes: readonly string[] }) {
  return (
    <>
      <p className="text-small text-soft">
        Two-step log-in is on. Keep these recovery codes where you find them without your phone: each lets you in once
        in the app's place. They are not shown again.
      </p>
      <ul aria-label="Recovery codes" className="grid grid-cols-1 gap-1 rounded-medium bg-canvas p-3 sm:grid-cols-2">
        {recoveryCodes.map((code) => (
          <li key={code}>
            <code className="text-small">{code}</code>
          </li>
        ))}
      </ul>
      <Button look="primary" onClick={() => onDone({ kind: "on", recoveryCodesLeft: recoveryCodes.length })}>
        I have kept them
      </Button>
    </>
  );
}

function Renew({ recoveryCodesLeft, onDone }: StepProps & { readonly recoveryCodesLeft: number }) {
  const { api } = useSession();
  const { errors, isBusy, onSubmit, passwordField } = useConfirmedSubmission([], async (_form, confirmation) =>
    onDone({ kind: "codes", ...(await api.call("renewRecoveryCodes", confirmation)) }),
  );
  return (
    <form onSubmit={onSubmit} className="flex flex-col gap-3">
      <p className="text-small text-soft">
        On. Log-ins ask for a code of your app. Recovery codes left: {recoveryCodesLeft}. New ones take the place of
        those you have.
      </p>
      {errors.form !== undefined && <ErrorNotice>{errors.form}</ErrorNotice>}
      {passwordField}
      <Button type="submit" isBusy={isBusy}>
        New recovery codes
      </Button>
    </form>
  );
}

function Disable({ onDone }: StepProps) {
  const { api } = useSession();
  const { errors, isBusy, onSubmit } = useFormSubmission(["password"], async (form) => {
    await api.call("disableTotp", { password: textOf(form, "password") });
    onDone({ kind: "off" });
  });
  return (
    <form onSubmit={onSubmit} className="mt-5 flex flex-col gap-3 border-line border-t pt-4">
      {errors.form !== undefined && <ErrorNotice>{errors.form}</ErrorNotice>}
      <TextField
        label="Password"
        name="password"
        type="password"
        autoComplete="current-password"
        required
        error={errors.fields["password"]}
      />
      <Button type="submit" look="danger" isBusy={isBusy}>
        Turn off
      </Button>
    </form>
  );
}
