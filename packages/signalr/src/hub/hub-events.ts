/** How an event of any number of arguments is typed; everything else is the one payload of an event. */
type EventFunction = (...args: never[]) => unknown;

/** The names of events that have one payload: where the name is generic, the compiler can tell no more of an event. */
export type PayloadEventName<Events extends object> = {
  [Name in keyof Events & string]: Events[Name] extends EventFunction ? never : Name;
}[keyof Events & string];

/** The arguments of an event: a function's parameters, or the one payload. */
export type EventArguments<Event> = [Event] extends [(...args: infer Args) => unknown] ? Args : [payload: Event];

/** What a client answers when it is asked for a result; one that need not answer may return anything. */
type Answer<Result> = [undefined] extends [Result] ? unknown : Result | Promise<Result>;

/** What a client listens with. */
export type EventHandler<Event> = [Event] extends [(...args: infer Args) => infer Result]
  ? (...args: Args) => Answer<Result>
  : (payload: Event) => unknown;
