export { type FormErrors, formErrors, noErrors } from "./form-errors.ts";
export { LoginView } from "./login-view.tsx";
export { privateStorage } from "./private-storage.ts";
export { Session, SessionContext, useSession, useSessionState } from "./session.ts";
export { SignupView } from "./signup-view.tsx";
export { textOf, useFormSubmission } from "./use-form-submission.ts";
export { UserMenu } from "./user-menu.tsx";
