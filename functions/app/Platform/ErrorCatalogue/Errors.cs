namespace Vox.Platform.ErrorCatalogue;

/// <summary>
/// Every error that the API answers with; documented in docs/api.md. An entry has the same code on all endpoints. Only the vendor's
/// endpoints answer some of them with the status that the vendor's guide prescribes (<see cref="ErrorResponses"/>).
/// </summary>
internal static class Errors
{
    public static readonly Error InvalidRequest = new("invalid_request", 400, "The request is not valid.");
    public static readonly Error InvalidField = new("invalid_field", 400, "A field is not valid.");
    public static readonly Error MissingField = new("missing_field", 400, "A required field is missing.");
    public static readonly Error TooLong = new("too_long", 400, "A field is too long.");
    public static readonly Error InvalidJson = new("invalid_json", 400, "The body is not valid JSON.");
    public static readonly Error EmptyFile = new("empty_file", 400, "The file is empty.");
    public static readonly Error InvalidCredentials = new("invalid_credentials", 401, "The login id or the password is wrong.");
    public static readonly Error InvalidToken = new("invalid_token", 401, "The access token is missing, expired or not valid.");
    public static readonly Error InvalidRefreshToken = new("invalid_refresh_token", 401, "The refresh token is not valid: log in again.");
    public static readonly Error RefreshTokenReused = new(
        "refresh_token_reused", 401, "The refresh token was used twice: the session has ended.");
    public static readonly Error LoggedOutEverywhere = new("logged_out_everywhere", 401, "The user has logged out on all devices.");
    public static readonly Error InvalidProjectKeys = new("invalid_project_keys", 401, "The project id or the auth token is wrong.");
    public static readonly Error InvalidLoginToken = new("invalid_login_token", 401, "The token for the log-in is not valid.");
    public static readonly Error InvalidApiKey = new("invalid_api_key", 401, "The API key is missing, wrong, expired or revoked.");
    public static readonly Error MissingScope = new("missing_scope", 403, "The API key does not have the scope that this needs.");
    public static readonly Error AddressNotAllowed = new(
        "address_not_allowed", 403, "The API key may not be used from this address.");
    public static readonly Error OriginNotAllowed = new("origin_not_allowed", 403, "The project does not allow this web origin.");
    public static readonly Error NotYourself = new("not_yourself", 403, "This is possible only for the signed-in user.");
    public static readonly Error Blocked = new("blocked", 403, "The recipient has blocked the sender.");
    public static readonly Error MessageRefused = new("message_refused", 403, "The project's own server refused the message.");
    public static readonly Error BlockedWords = new("blocked_words", 403, "The message contains words that the project does not allow.");
    public static readonly Error NotAMember = new("not_a_member", 403, "This is possible only for members of the group.");
    public static readonly Error NotAllowed = new(
        "not_allowed", 403, "The caller's role in the group, or in the project, does not allow this.");
    public static readonly Error UserDisabled = new("user_disabled", 403, "The user is disabled.");
    public static readonly Error Muted = new("muted", 403, "The user may not send for now: they are muted in the project.");
    public static readonly Error Banned = new("banned", 403, "The user is banned from the group.");
    public static readonly Error GroupFrozen = new("group_frozen", 403, "The group is frozen: only its admins and its owner write to it.");
    public static readonly Error SignUpClosed = new("sign_up_closed", 403, "Users of this project cannot sign up themselves.");
    public static readonly Error OwnerStays = new("owner_stays", 403, "The owner of a group can be neither removed nor dismissed.");
    public static readonly Error ProjectNotFound = new("project_not_found", 404, "There is no such project.");
    public static readonly Error UserNotFound = new("user_not_found", 404, "There is no such user in the project.");
    public static readonly Error RecipientNotFound = new("recipient_not_found", 404, "There is no such recipient in the project.");
    public static readonly Error GroupNotFound = new("group_not_found", 404, "There is no such group.");
    public static readonly Error MemberNotFound = new("member_not_found", 404, "There is no such member in the group.");
    public static readonly Error MessageNotFound = new("message_not_found", 404, "There is no such message that the caller sees.");
    public static readonly Error NotFound = new("not_found", 404, "There is nothing at this address.");
    public static readonly Error MessageDeleted = new("message_deleted", 409, "The message was deleted.");
    public static readonly Error NotAuthor = new("not_author", 403, "This is possible only for who wrote the message.");
    public static readonly Error NotEditable = new("not_editable", 409, "Messages of this type cannot be edited.");
    public static readonly Error EditWindowOver = new("edit_window_over", 403, "The message cannot be edited any more.");
    public static readonly Error DeleteWindowOver = new(
        "delete_window_over", 403, "The message cannot be deleted for everyone any more.");
    public static readonly Error InvalidEmoji = new("invalid_emoji", 400, "The reaction is not one emoji.");
    public static readonly Error TooManyReactions = new("too_many_reactions", 409, "The message has reactions of too many kinds.");
    public static readonly Error TooManyPins = new("too_many_pins", 409, "The conversation has too many pinned messages.");
    public static readonly Error UploadNotFound = new("upload_not_found", 404, "There is no such upload of this user.");
    public static readonly Error UploadIncomplete = new("upload_incomplete", 409, "Not all bytes of the file have arrived.");
    public static readonly Error UploadCompleted = new("upload_completed", 409, "The upload is completed already.");
    public static readonly Error FileKeyTaken = new("file_key_taken", 409, "There is a file with this key already.");
    public static readonly Error QuotaExceeded = new("quota_exceeded", 409, "The storage quota is used up.");
    public static readonly Error UserExists = new("user_exists", 409, "A user with this login id exists already.");
    public static readonly Error GroupExists = new("group_exists", 409, "There is, or was, a group with this id.");
    public static readonly Error LimitReached = new("limit_reached", 409, "A limit is reached.");
    public static readonly Error SearchOff = new("search_off", 409, "Search is off in this project.");
    public static readonly Error OnHold = new("on_hold", 409, "A legal hold keeps this from being deleted.");
    public static readonly Error RequestInProgress = new(
        "request_in_progress", 409, "A request with this idempotency key is being worked on.", Retryable: true);
    public static readonly Error PreconditionFailed = new("precondition_failed", 412, "This has changed since it was read.");
    public static readonly Error IdempotencyKeyReused = new(
        "idempotency_key_reused", 422, "The idempotency key was used for another request.");
    public static readonly Error BodyTooLarge = new("body_too_large", 413, "The body is too large.");
    public static readonly Error FileTooLarge = new("file_too_large", 413, "The file is too large.");
    public static readonly Error UnsupportedMediaType = new("unsupported_media_type", 415, "The content type is not supported here.");
    public static readonly Error NotSignedIn = new("not_signed_in", 401, "Nobody is signed in, or the session has ended.");
    public static readonly Error SignInFailed = new("sign_in_failed", 401, "The e-mail address or the password is wrong.");
    public static readonly Error WrongCode = new("wrong_code", 401, "The code is wrong or has expired.");
    public static readonly Error CsrfRejected = new("csrf_rejected", 403, "The request did not come from the portal's own pages.");
    public static readonly Error InvalidLink = new("invalid_link", 410, "The link was used already or has expired.");
    public static readonly Error CaptchaFailed = new("captcha_failed", 400, "The captcha was not solved, was used already or has expired.");
    public static readonly Error WeakPassword = new("weak_password", 400, "The password is too easy to guess.");
    public static readonly Error InvalidCertificate = new(
        "invalid_certificate", 400, "The file is no certificate or key that can be read.");
    public static readonly Error WrongFilePassword = new("wrong_file_password", 400, "The password of the file is wrong.");
    public static readonly Error CertificateExpired = new("certificate_expired", 400, "The certificate has expired.");
    public static readonly Error NotForPush = new("not_for_push", 400, "The certificate or key is not one for push messages.");
    public static readonly Error TermsNotAccepted = new("terms_not_accepted", 400, "The terms have to be agreed to.");
    public static readonly Error EditConflict = new("edit_conflict", 409, "Somebody else has changed this meanwhile.");
    public static readonly Error MoveUnderWay = new("move_under_way", 409, "The project is being moved already.");
    public static readonly Error NotRestoring = new(
        "not_restoring", 409, "The app is not in restore mode: set Backup__Restoring to true first.");
    public static readonly Error NotEmpty = new("not_empty", 409, "There are data already.");
    public static readonly Error NoBackup = new("no_backup", 409, "There is no backup of that time.");
    public static readonly Error TooManyAttempts = new("too_many_attempts", 429, "Too many attempts.");
    public static readonly Error PaymentsNotSetUp = new("payments_not_set_up", 409, "Payments are not set up on this server.");
    public static readonly Error MailUnavailable = new("mail_unavailable", 503, "E-mail is not set up on this server.");
    public static readonly Error NotAnImage = new("not_an_image", 422, "The file is no image that can be used as a photo.");
    public static readonly Error UploadFailed = new("upload_failed", 422, "The file could not be looked at in several attempts.");
    public static readonly Error TooManyRequests = new("too_many_requests", 429, "The caller sends too many requests.", Retryable: true);
    public static readonly Error Internal = new("internal", 500, "Something went wrong on our side.", Retryable: true);
    public static readonly Error Busy = new("busy", 503, "The service is busy: try again shortly.", Retryable: true);
    public static readonly Error Restoring = new(
        "restoring", 503, "The data are being restored from a backup: try again later.", Retryable: true);
    public static readonly Error StorageUnavailable = new(
        "storage_unavailable", 503, "The storage did not answer: try again shortly.", Retryable: true);
    public static readonly Error HookUnavailable = new(
        "hook_unavailable", 503, "The server that has to allow messages did not answer.", Retryable: true);
    public static readonly Error RealtimeUnavailable = new(
        "realtime_unavailable", 503, "The live channel did not answer: try again shortly.", Retryable: true);

    /// <summary>All entries, for the documentation and its test.</summary>
    public static IReadOnlyList<Error> All { get; } =
        [.. typeof(Errors).GetFields().Where(f => f.FieldType == typeof(Error)).Select(f => (Error)f.GetValue(null)!)];
}
