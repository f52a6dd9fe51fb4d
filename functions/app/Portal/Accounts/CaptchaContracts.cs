namespace Vox.Portal.Accounts;

/// <summary>ALTCHA's challenge as its widget reads it: find the number for which SHA-256(salt + number) is the challenge.</summary>
public sealed record CaptchaChallenge(string Algorithm, string Challenge, int Maxnumber, string Salt, string Signature);

/// <summary>What the widget sends back: base64 of this record as JSON.</summary>
internal sealed record CaptchaSolution(string? Algorithm, string? Challenge, long Number, string? Salt, string? Signature);
