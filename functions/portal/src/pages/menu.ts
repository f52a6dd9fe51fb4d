import { IconBell, IconChartBar, IconClipboardList, IconCode, IconCoin, IconFilterCheck, IconHistory, IconKey, IconListSearch, IconMessages, IconRocket, IconSettings, IconShieldLock, IconUserShield, IconUsers, IconWebhook } from "@tabler/icons-react";
import { IconAbc, IconFlag } from "@tabler/icons-react";

export interface MenuItem {
  /** Below the project's address; "" is the dashboard. */
  path: string;
  label: string;
  Icon: typeof IconUsers;
  /** Under the heading “Chat”. */
  chat?: boolean;
  ownersOnly?: boolean;
  /** What people also call it, for the search. */
  words?: string;
}

/** The pages of a project, in the order of the navigation. */
export const menu: MenuItem[] = [
  { path: "", label: "Dashboard", Icon: IconChartBar, words: "usage messages spend statistics project id" },
  { path: "/quick-start", label: "Quick start", Icon: IconRocket, words: "begin snippets curl demo" },
  { path: "/users", label: "Project Users", Icon: IconUsers, words: "import export csv add delete disable password" },
  { path: "/overview", label: "Overview", Icon: IconMessages, chat: true, words: "chat pricing" },
  { path: "/chat-settings", label: "Settings", Icon: IconSettings, chat: true, words: "chat logs retention origins visibility edit delete mention window" },
  { path: "/history", label: "Usage History", Icon: IconHistory, chat: true, words: "chat messages log" },
  { path: "/moderation", label: "Moderation", Icon: IconFlag, chat: true, words: "flags reports queue ban mute delete spam" },
  { path: "/word-lists", label: "Word lists", Icon: IconAbc, chat: true, words: "moderation profanity filter block mask flag swear bad words" },
  { path: "/credits", label: "Credits", Icon: IconCoin, words: "payment balance invoices ledger" },
  { path: "/push", label: "Push messages", Icon: IconBell, words: "push keys ios certificate android key apns firebase fcm vapid browser notifications test" },
  { path: "/api", label: "API reference", Icon: IconCode, words: "endpoints openapi rest try" },
  { path: "/api-keys", label: "API keys", Icon: IconKey, words: "server scopes issuers jwt" },
  { path: "/webhooks", label: "Webhooks", Icon: IconWebhook, words: "events deliveries inspector secret" },
  { path: "/before-send", label: "Before-send hook", Icon: IconFilterCheck, words: "moderation ask allow refuse change message secret webhook" },
  { path: "/requests", label: "API requests", Icon: IconListSearch, words: "inspector errors log calls" },
  { path: "/members", label: "Members", Icon: IconUserShield, words: "invite roles team" },
  { path: "/data", label: "Data protection", Icon: IconShieldLock, ownersOnly: true, words: "erase export legal hold gdpr retention" },
  { path: "/audit", label: "Activity", Icon: IconClipboardList, ownersOnly: true, words: "audit log" },
  { path: "/settings", label: "Project settings", Icon: IconSettings, words: "auth token keys rename delete" },
];
