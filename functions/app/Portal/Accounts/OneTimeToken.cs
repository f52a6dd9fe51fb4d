using Vox.Platform.Storage;

namespace Vox.Portal.Accounts;

/// <summary>What a token stands for.</summary>
/// <param name="Subject">Whose it is, or what it is about.</param>
/// <param name="Value">More about it, such as the hash of a code.</param>
/// <param name="Attempts">How often a code for it was tried.</param>
/// <param name="Partition">Where it is stored: the digest of the token, which nobody can turn back into the token.</param>
public sealed record OneTimeToken(
    string Kind, string Subject, string Value, int Attempts, DateTimeOffset ExpiresAt, RowVersion Version, string Partition);
