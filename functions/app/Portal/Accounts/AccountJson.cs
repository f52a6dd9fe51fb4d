using System.Text.Json.Serialization;
using Vox.Platform.Http;

namespace Vox.Portal.Accounts;

[JsonSerializable(typeof(AuditPage))]
[JsonSerializable(typeof(CaptchaChallenge))]
[JsonSerializable(typeof(CaptchaSolution))]
[JsonSerializable(typeof(ChangePasswordRequest))]
[JsonSerializable(typeof(CodeRequest))]
[JsonSerializable(typeof(ForgotRequest))]
[JsonSerializable(typeof(PasswordRequest))]
[JsonSerializable(typeof(PortalInfoResponse))]
[JsonSerializable(typeof(PortalSessionResponse))]
[JsonSerializable(typeof(ProfileRequest))]
[JsonSerializable(typeof(RecoveryCodesResponse))]
[JsonSerializable(typeof(ResendRequest))]
[JsonSerializable(typeof(ResetRequest))]
[JsonSerializable(typeof(SignInLinkDetails))]
[JsonSerializable(typeof(SignInLinkRequest))]
[JsonSerializable(typeof(SignInLinkResponse))]
[JsonSerializable(typeof(SignInRequest))]
[JsonSerializable(typeof(SignInResponse))]
[JsonSerializable(typeof(SignUpRequest))]
[JsonSerializable(typeof(TicketRequest))]
[JsonSerializable(typeof(TokenRequest))]
[JsonSerializable(typeof(TotpSetupResponse))]
[JsonSerializable(typeof(UseSignInLinkRequest))]
[JsonSerializable(typeof(VerifyRequest))]
internal sealed partial class AccountJson : JsonSerializerContext
{
    public static AccountJson Wire { get; } = new(WireFormat.NewOptions());
}
