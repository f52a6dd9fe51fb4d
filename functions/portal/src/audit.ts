/** What happened, in plain words. The stable name of an action stays in the exported data and the API. */
const words: Record<string, string> = {
  "account.activated": "Activated the account", "account.link_made": "Sign-in link made", "account.password_changed": "Changed the password",
  "account.profile_changed": "Changed the profile", "project.created": "Created the project", "project.renamed": "Renamed the project",
  "project.deleted": "Deleted the project", "project.token_rotated": "Made a new auth token", "project.token_ended": "Ended an earlier auth token",
  "project.settings_changed": "Changed the settings", "project.media_secret_rotated": "Made new addresses of files",
  "user.created": "Added a user", "user.deleted": "Deleted a user", "user.disabled": "Disabled a user", "user.enabled": "Enabled a user",
  "user.password_reset": "Set a user's password", "user.logged_out": "Logged a user out", "users.imported": "Imported users",
  "member.invited": "Invited somebody", "member.invited_again": "Sent an invitation again", "member.invitation_revoked": "Withdrew an invitation",
  "apikey.created": "Made an API key", "apikey.rotated": "Rotated an API key", "apikey.revoked": "Revoked an API key",
  "push_key.stored": "Stored a push key", "push_key.removed": "Removed a push key", "push.content_changed": "Chose what push messages say", "user.push_tested": "Sent a test push message", "issuer.set": "Set an issuer of tokens",
  "issuer.removed": "Removed an issuer of tokens", "data.hold_set": "Set a legal hold", "data.hold_lifted": "Lifted a legal hold",
  "data.export_requested": "Asked for an export", "data.export_downloaded": "Downloaded an export", "data.erasure_requested": "Asked for an erasure",
  "requests.kept": "Chose which API requests are kept", "credits.payment_started": "Began a payment", "credits.added": "Added credits", "account.signed_in": "Signed in",
  "account.signed_out_everywhere": "Signed out everywhere", "account.totp_added": "Added an authenticator app",
  "account.totp_removed": "Removed the authenticator app", "account.recovery_codes_renewed": "Made new recovery codes",
  "user.tokens_revoked": "Revoked a user's tokens", "project.tokens_revoked": "Revoked all users' tokens",
  "message.deleted": "Deleted a message", "message.edited": "Edited a message", "before_send.set": "Set the before-send hook", "before_send.rotated": "Made a new secret of the before-send hook",
  "words.set": "Changed the word lists", "flag.decided": "Decided about a flag", "user.banned": "Banned a user", "user.muted": "Muted a user",
  "before_send.removed": "Removed the before-send hook", "member.joined": "Joined the project", "member.removed": "Removed a member", "member.role_changed": "Changed a member's role",
};

/** Actions without words of their own: `key.created` becomes “Key created”. */
export const actionText = (action: string) => {
  const text = words[action] ?? action.replace(/[._]/g, " ");
  return text.charAt(0).toUpperCase() + text.slice(1);
};
