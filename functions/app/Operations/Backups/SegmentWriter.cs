using System.IO.Compression;
using System.Text.Json;

namespace Vox.Operations.Backups;

/// <summary>Writes one file of a backup: compressed lines, of which the last says how many rows there are.</summary>
/// <param name="target">Where the file goes. It exists only when <see cref="CompleteAsync"/> has ended.</param>
internal sealed class SegmentWriter(Stream target) : IAsyncDisposable
{
    private readonly GZipStream zip = new(target, CompressionLevel.Fastest, leaveOpen: true);
    private readonly SemaphoreSlim turn = new(1, 1);
    private readonly MemoryStream lines = new();

    public long Rows { get; private set; }

    /// <summary>Uncompressed.</summary>
    public long Bytes { get; private set; }

    /// <summary>Writes lines that belong together. Several may call it at once.</summary>
    public async Task WriteAsync(int rows, Action<Action<Action<Utf8JsonWriter>>> write, CancellationToken cancellationToken)
    {
        await turn.WaitAsync(cancellationToken);
        try
        {
            lines.SetLength(0);
            await using (var json = new Utf8JsonWriter(lines))
            {
                write(line =>
                {
                    line(json);
                    json.Flush();
                    lines.WriteByte((byte)'\n');
                    json.Reset();
                });
            }

            await zip.WriteAsync(lines.GetBuffer().AsMemory(0, (int)lines.Length), cancellationToken);
            (Rows, Bytes) = (Rows + rows, Bytes + lines.Length);
        }
        finally
        {
            turn.Release();
        }
    }

    public async Task CompleteAsync(CancellationToken cancellationToken)
    {
        var rows = Rows;
        await WriteAsync(0, write => write(json =>
        {
            json.WriteStartObject();
            json.WriteNumber("rows", rows);
            json.WriteEndObject();
        }), cancellationToken);
        await zip.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await zip.DisposeAsync();
        await lines.DisposeAsync();
        turn.Dispose();
    }
}
