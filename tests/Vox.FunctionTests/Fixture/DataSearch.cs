using System.Globalization;
using System.Text;
using Azure.Data.Tables;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Vox.Platform.Storage;

namespace Vox.Tests.Fixture;

/// <summary>Searches all that an app has stored: each row and column of each table, and each blob with its name and metadata.</summary>
internal static class DataSearch
{
    /// <returns>Where each text was found: <c>table conversations: the text</c>.</returns>
    public static async Task<List<string>> FindAsync(string storageConnection, string tablePrefix, IReadOnlyCollection<string> texts)
    {
        var needles = texts.SelectMany(text => Forms(text).Select(form => (text, form))).ToList();
        var found = new SortedSet<string>(StringComparer.Ordinal);
        var tables = new TableServiceClient(storageConnection);
        await foreach (var table in tables.QueryAsync())
        {
            if (!table.Name.StartsWith(tablePrefix, StringComparison.Ordinal))
            {
                continue;
            }

            await foreach (var row in tables.GetTableClient(table.Name).QueryAsync<TableEntity>())
            {
                Look(
                    $"table {table.Name[tablePrefix.Length..]}",
                    string.Join('\n', row.Select(column => $"{column.Key}={Text(column.Value)}")));
            }
        }

        var blobs = new BlobServiceClient(storageConnection);
        await foreach (var container in blobs.GetBlobContainersAsync(prefix: tablePrefix))
        {
            var client = blobs.GetBlobContainerClient(container.Name);
            await foreach (var blob in client.GetBlobsAsync(BlobTraits.Metadata, BlobStates.All, null, CancellationToken.None))
            {
                var where = $"container {container.Name[(tablePrefix.Length + 1)..]}";
                Look(where, blob.Name + '\n' + string.Join('\n', blob.Metadata.Select(pair => pair.Key + "=" + pair.Value)));
                if (blob.Properties.ContentLength is > 0)
                {
                    var content = (await client.GetBlobClient(blob.Name).DownloadContentAsync()).Value.Content;
                    Look(where, Encoding.UTF8.GetString(content));
                }
            }
        }

        return [.. found];

        void Look(string where, string text)
        {
            foreach (var (needle, form) in needles)
            {
                if (text.Contains(form, StringComparison.Ordinal))
                {
                    found.Add($"{where}: {needle}");
                }
            }
        }
    }

    /// <summary>A text as it is, as it stands in keys, and as it stands in addresses.</summary>
    private static IEnumerable<string> Forms(string text) =>
        new[] { text, KeyText.Encode(text), Uri.EscapeDataString(text), Convert.ToBase64String(Encoding.UTF8.GetBytes(text)) }.Distinct();

    private static string Text(object? value) => value switch
    {
        byte[] bytes => Encoding.UTF8.GetString(bytes),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    };
}
