using Azure.Storage.Blobs.Models;
using Vox.Chat.Files;
using Vox.Chat.Model;
using Vox.Platform.Storage;
using Vox.Tests.Fixture;

namespace Vox.Tests.Files;

/// <summary>Looks for what should not be there.</summary>
internal static class Leftovers
{
    /// <summary>
    /// Names of all blobs of a project in both containers, uncommitted ones too. Those that keep an upload closed are empty, and are left
    /// out.
    /// </summary>
    public static async Task<List<string>> BlobsAsync(this TestProject project)
    {
        var names = new List<string>();
        foreach (var container in new[] { "uploads", "files" })
        {
            var client = await project.App.Get<StorageClients>().ProjectContainer(container).ReadyAsync("", CancellationToken.None);
            await foreach (var blob in client.GetBlobsAsync(
                BlobTraits.Metadata, BlobStates.Uncommitted | BlobStates.Snapshots, project.Id, CancellationToken.None))
            {
                if (blob.Metadata?.ContainsKey(UploadBlobs.Closed) != true || blob.Properties.ContentLength > 0)
                {
                    names.Add($"{container}/{blob.Name}");
                }
            }
        }

        return names;
    }

    /// <summary>Rows of a project in the tables of files, as <c>table: row</c>; day rows of the meter stay for ever.</summary>
    public static async Task<List<string>> FileRowsAsync(this TestProject project)
    {
        var found = new List<string>();
        var (_, to) = Keys.ProjectRange(project.Id);
        foreach (var table in new[] { "files", "userfiles", "filemeter" })
        {
            var rows = await project.App.Get<StorageClients>().Table(table).QueryAsync(
                $"PartitionKey ge {project.Id} and PartitionKey lt {to}", 10_000, CancellationToken.None);
            found.AddRange(rows.Where(row => row.RowKey[0] is not ('d' or 's' or 't') && !IsUser(row.RowKey))
                .Select(row => $"{table}: {row.RowKey}"));
        }

        await foreach (var due in project.App.Get<FileStore>().DueAsync(DateTimeOffset.MaxValue, CancellationToken.None))
        {
            if (due.ProjectId == project.Id)
            {
                found.Add($"uploads: {due.Row}");
            }
        }

        return found;

        static bool IsUser(string row) => row[0] == 'u' && row.Count(c => c == '|') == 1;
    }
}
