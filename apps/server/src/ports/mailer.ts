/** A letter as people read it. */
export interface Letter {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

export interface Mailer {
  /** Settles when the letter is taken over by a mail server. @throws where that fails: it may be tried again */
  send(letter: Letter): Promise<void>;
}
