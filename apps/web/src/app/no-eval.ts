import { z } from "zod";

// Before any schema is made: otherwise zod tries whether it may compile code, which the page's policy forbids.
z.config({ jitless: true });
