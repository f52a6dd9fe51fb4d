using Vox.Chat.Projects;
using Vox.Chat.Users;
using Vox.Platform.ErrorCatalogue;
using Vox.Portal.Projects;

namespace Vox.Portal.Users;

/// <summary>
/// Creates users from the rows of a file, a portion per request. Hashing a password takes about 50 ms on purpose, so a whole file of
/// 50,000 rows would outlast any request. A portion can be sent again: users that it created the first time are recognised.
/// </summary>
public sealed class UserImport(UserService users, UserStore store, LoginIds loginIds, ProjectAudit audit)
{
    public const int MaxRows = 100;

    /// <summary>Half of the cores, so that people who log in during an import need not wait.</summary>
    private static readonly int AtOnce = Math.Max(1, Environment.ProcessorCount / 2);

    /// <exception cref="VoxException">
    /// missing_field, limit_reached; after busy or storage_unavailable, the portion can be sent again
    /// </exception>
    public async Task<ImportResponse> RunAsync(ProjectCaller caller, ImportRequest request, CancellationToken cancellationToken)
    {
        if (request.Rows is not { Count: > 0 } rows)
        {
            throw new VoxException(Errors.MissingField, "rows is missing or empty.", "rows");
        }

        if (rows.Count > MaxRows)
        {
            throw new VoxException(Errors.LimitReached, $"At most {MaxRows} rows fit into a request: send the file in portions.", "rows");
        }

        var tally = new Tally();
        try
        {
            return await AddAsync(caller.Project, rows, tally, cancellationToken);
        }
        finally
        {
            // Also when the page was closed or the storage failed half way: those who are there by then have been created by somebody.
            if (tally.Created > 0)
            {
                await audit.RecordAsync(
                    caller, "users.imported", $"{tally.Created} users, lines {rows.Min(r => r?.Line)} to {rows.Max(r => r?.Line)}",
                    CancellationToken.None);
            }
        }
    }

    private sealed class Tally
    {
        public int Created;
    }

    private async Task<ImportResponse> AddAsync(
        Project project, IReadOnlyList<ImportRow?> rows, Tally tally, CancellationToken cancellationToken)
    {
        var refused = new List<RefusedRow>();
        var present = 0;
        // Rows of the same username follow each other, so that the later one is compared with the user that the first one created.
        var groups = rows.Select((row, i) => row ?? new ImportRow(i, null, null))
            .GroupBy(row => LoginIds.Canonical(row.Username ?? ""), StringComparer.Ordinal);
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
                            Interlocked.Increment(ref tally.Created);
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
        return new ImportResponse(tally.Created, present, [.. refused.OrderBy(row => row.Line)]);
    }

    /// <returns>False when the user exists already with the password of the row.</returns>
    private async Task<bool> AddAsync(Project project, ImportRow row, CancellationToken cancellationToken)
    {
        var id = loginIds.Check(Readable(row.Username, "username"), "username");
        var password = loginIds.CheckPassword(project, Readable(row.Password, "password"), "password");
        if (await store.FindAsync(project.User(id), cancellationToken) is not { DeletedAt: null } user)
        {
            await users.CreateUserAsync(project, id, password, cancellationToken);
            return true;
        }

        return await users.HasPasswordAsync(user, row.Password!, cancellationToken)
            ? false
            : throw new VoxException(
                Errors.UserExists, "A user with this username exists already, with another password: it was not changed.", "username");
    }

    /// <summary>
    /// What a program writes where it could not read a character. A user of such a name could not log in, and with such a password
    /// neither.
    /// </summary>
    private static string? Readable(string? text, string field) => text?.Contains('\uFFFD', StringComparison.Ordinal) == true
        ? throw new VoxException(
            Errors.InvalidField, $"{field} has a character that could not be read: save the file as UTF-8 and import it again.", field)
        : text;

    private static string Shown(string? username) => username is null ? "" : username.Length > 200 ? username[..200] : username;
}
