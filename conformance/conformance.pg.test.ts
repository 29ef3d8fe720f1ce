import { afterAll } from "bun:test";
import { stopServer } from "./src/target.ts";
import "./suites/requests.ts";
import "./suites/accounts.ts";
import "./suites/people.ts";
import "./suites/friends.ts";
import "./suites/deletion.ts";
import "./suites/conversations.ts";
import "./suites/messages.ts";
import "./suites/message-changes.ts";
import "./suites/pins.ts";
import "./suites/forward.ts";
import "./suites/membership.ts";
import "./suites/newcomer.ts";
import "./suites/roles.ts";
import "./suites/channels.ts";
import "./suites/system-messages.ts";
import "./suites/invitations.ts";
import "./suites/permissions.ts";
import "./suites/conversation-settings.ts";
import "./suites/receipts.ts";
import "./suites/search.ts";
import "./suites/sync.ts";
import "./suites/order.ts";
import "./suites/hub.ts";
import "./suites/presence.ts";

// One file, so that every suite runs against one server.
afterAll(stopServer);
