using System.Text.Json;
using System.Text.Json.Serialization;
using Vox.Developers;

namespace Vox.Portal;

/// <summary>The wire shapes of the developer portal, as <see cref="Http.WireJson"/> for the rest.</summary>
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
[JsonSerializable(typeof(SignInRequest))]
[JsonSerializable(typeof(SignInResponse))]
[JsonSerializable(typeof(SignUpRequest))]
[JsonSerializable(typeof(TicketRequest))]
[JsonSerializable(typeof(TokenRequest))]
[JsonSerializable(typeof(TotpSetupResponse))]
[JsonSerializable(typeof(VerifyRequest))]
[JsonSerializable(typeof(Projects.AcceptedResponse))]
[JsonSerializable(typeof(Projects.DeleteProjectRequest))]
[JsonSerializable(typeof(Projects.InviteRequest))]
[JsonSerializable(typeof(Projects.MemberList))]
[JsonSerializable(typeof(Projects.MemberRoleRequest))]
[JsonSerializable(typeof(Projects.ProjectDetails))]
[JsonSerializable(typeof(Projects.ProjectKeys))]
[JsonSerializable(typeof(Projects.ProjectList))]
[JsonSerializable(typeof(Projects.ProjectNameRequest))]
[JsonSerializable(typeof(Projects.ProjectSettingsRequest))]
[JsonSerializable(typeof(Projects.RotateTokenRequest))]
[JsonSerializable(typeof(Usage.UsageHistoryPage))]
[JsonSerializable(typeof(Users.AddUserRequest))]
[JsonSerializable(typeof(Users.ProjectUserPage))]
[JsonSerializable(typeof(Users.UserStatusRequest))]
[JsonSerializable(typeof(Billing.CreditsResponse))]
[JsonSerializable(typeof(Billing.PaymentRequest))]
[JsonSerializable(typeof(Billing.PaymentResponse))]
[JsonSerializable(typeof(Billing.PaymentStarted))]
[JsonSerializable(typeof(Billing.SandboxRequest))]
[JsonSerializable(typeof(Billing.UsageResponse))]
public sealed partial class PortalJson : JsonSerializerContext
{
    public static PortalJson Wire { get; } = new(new JsonSerializerOptions(Http.WireJson.Wire.Options) { TypeInfoResolver = null });
}
