using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Vox.Platform.Caching;

namespace Vox.Platform.Storage;

/// <summary>
/// Which storage account has a project's data. One account takes 20,000 requests a second. With several accounts, a new project's is
/// chosen by the hash of its id and written into its row, so an account that is added later moves nothing. Besides its share of
/// projects, account 0 has what belongs to no project.
/// </summary>
public sealed class ProjectAccounts(int count, Lazy<Table> projects, TimeProvider time)
{
    /// <summary>The column with the account's number in the project's row of table <c>projects</c>.</summary>
    public const string Column = "Account";

    private const string IdPrefix = "pid_";

    private readonly ExpiringCache<string, int> known = new(100_000, TimeSpan.FromHours(1), time);

    public int Count => count;

    public int ChooseFor(string newProjectId) =>
        count == 1 ? 0 : (int)(BinaryPrimitives.ReadUInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(newProjectId))) % (uint)count);

    /// <summary>Called after a project's row was read or written.</summary>
    public void Remember(string projectId, int account)
    {
        if (count > 1 && account < count)
        {
            known.Set(projectId, account);
        }
    }

    /// <summary>Costs a storage request if the project's row was not read for an hour; nothing with one account.</summary>
    /// <param name="key">A partition or a blob's name: <c>pid_…</c>, or what begins with it. Anything else belongs to account 0.</param>
    /// <exception cref="InvalidOperationException">The project's account is no longer among the settings.</exception>
    public ValueTask<int> OfAsync(string key, CancellationToken cancellationToken)
    {
        if (count == 1 || !key.StartsWith(IdPrefix, StringComparison.Ordinal))
        {
            return ValueTask.FromResult(0);
        }

        // A project id consists of these characters, and a separator follows it.
        var end = IdPrefix.Length;
        while (end < key.Length && (char.IsAsciiLetterOrDigit(key[end]) || key[end] == '_'))
        {
            end++;
        }

        var projectId = key[..end];
        return known.TryGet(projectId, out var account) ? ValueTask.FromResult(account) : ReadAsync(projectId, cancellationToken);
    }

    private async ValueTask<int> ReadAsync(string projectId, CancellationToken cancellationToken)
    {
        if (await projects.Value.FindAsync(Keys.Project(projectId), Keys.ProjectRow, cancellationToken) is not { } row)
        {
            // There is no such project, so nothing will be found there either.
            return 0;
        }

        var account = row.GetInt32(Column) ?? 0;
        if (account >= count)
        {
            throw new InvalidOperationException(
                $"A project's data is in storage account {account}, but Storage__ProjectAccounts names only {count - 1}: "
                + "add what was taken out.");
        }

        known.Set(projectId, account);
        return account;
    }
}
