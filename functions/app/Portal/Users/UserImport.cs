using Vox.Chat.Projects;
using Vox.Chat.Users;
using Vox.Platform.ErrorCatalogue;
using Vox.Platform.Security;

namespace Vox.Portal.Users;

/// <param name="Line">Of the file, for the report.</param>
public sealed record ImportRow(int Line, string? Username, string? Password);

public sealed record ImportRequest(IReadOnlyList<ImportRow?>? Rows);

/// <param name="Code">Of the error catalogue.</param>
public sealed record RefusedRow(int Line, string Username, string Code, string Reason);

/// <param name="Created">Users that were made.</param>
/// <param name="Present">Rows whose user exists already with this very password: sent before, nothing to do.</param>
public sealed record ImportResponse(int Created, int Present, IReadOnlyList<RefusedRow> Refused);

/// <summary>
/// Makes users from the rows of a file, a portion per request: hashing a password costs some 50 ms on purpose, so a whole file of 50,000 rows
/// would outlast any request. A portion can be sent again; what it made the first time is recognised.
/// </summary>
public sealed class UserImport(UserService users, UserStore store, LoginIds loginIds, PasswordHasher passwords)
{
    public const int MaxRows = 100;

    /// <summary>Half of the cores: whoever logs in meanwhile is not kept waiting by an import.</summary>
    private static readonly int AtOnce = Math.Max(1, Environment.ProcessorCount / 2);

    /// <exception cref="VoxException">missing_field, limit_reached; busy, storage_unavailable: send the portion again</exception>
    public async Task<ImportResponse> RunAsync(Project project, ImportRequest request, CancellationToken cancellationToken)
    {
        if (request.Rows is not { Count: > 0 } rows)
        {
            throw new VoxException(Errors.MissingField, "rows is missing or empty.", "rows");
        }

        if (rows.Count > MaxRows)
        {
            throw new VoxException(Errors.LimitReached, $"At most {MaxRows} rows fit into a request: send the file in portions.", "rows");
        }

        var refused = new List<RefusedRow>();
        int created = 0, present = 0;
        // Twice in one portion: the later one is compared with the first, not raced against it.
        var groups = rows.Select((row, i) => row ?? new ImportRow(i, null, null)).GroupBy(row => row.Username ?? "", StringComparer.Ordinal);
        await Parallel.ForEachAsync(
            groups, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
            async (group, token) =>
            {
                foreach (var row in group)
                {
                    try
                    {
                        if (await AddAsync(project, row, token))
                        {
                            Interlocked.Increment(ref created);
                        }
                        else
                        {
                            Interlocked.Increment(ref present);
                        }
                    }
                    catch (VoxException e) when (!e.Error.Retryable)
                    {
                        lock (refused)
                        {
                            refused.Add(new RefusedRow(row.Line, Shown(row.Username), e.Error.Code, e.Message));
                        }
                    }
                }
            });
        return new ImportResponse(created, present, [.. refused.OrderBy(row => row.Line)]);
    }

    /// <returns>False when the user is there already as the row says.</returns>
    private async Task<bool> AddAsync(Project project, ImportRow row, CancellationToken cancellationToken)
    {
        var id = loginIds.Check(row.Username, "username");
        var password = loginIds.CheckPassword(row.Password, "password");
        if (await store.FindAsync(project.Id, id, cancellationToken) is not { DeletedAt: null } user)
        {
            await users.CreateUserAsync(project, id, password, cancellationToken);
            return true;
        }

        return await passwords.VerifyAsync(password, user.PasswordHash, cancellationToken)
            ? false
            : throw new VoxException(Errors.UserExists, "A user with this username exists already, with another password: it was not changed.", "username");
    }

    private static string Shown(string? username) => username is null ? "" : username.Length > 200 ? username[..200] : username;
}
