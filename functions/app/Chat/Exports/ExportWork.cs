using System.Text.Json;
using Microsoft.Extensions.Logging;
using Vox.Chat.Files;
using Vox.Chat.Model;
using Vox.Platform.Timers;

namespace Vox.Chat.Exports;

/// <summary>
/// Writes archives, piece by piece. A piece is staged as a block, then the progress is noted on condition that nobody else was faster. So a
/// killed process costs the piece that it was at, and the next one goes on behind the last piece that was noted. Only a few pieces are in
/// memory at a time.
/// </summary>
public sealed partial class ExportWork(
    ExportStore store, ExportArchiveBlobs archives, ExportReader reader, FileBlobs blobs, TimerRuns timers, TimeProvider time,
    ILogger<ExportWork> logger)
{
    /// <summary>A block is staged when it has as much as this, or a file of JSON lines ends behind it.</summary>
    public const int PieceBytes = 4_194_304;

    /// <summary>A file of JSON lines ends when it has as much as this.</summary>
    private const int LinesBytes = 1_048_576;

    /// <summary>What a block blob can have.</summary>
    private const int MaxBlocks = 49_000;

    /// <summary>While one process writes, the others keep away for this long.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromMinutes(5);

    /// <summary>How long an archive can be downloaded.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromDays(7);

    private static readonly TimeSpan Slice = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan UntilForgotten = TimeSpan.FromMinutes(15);

    /// <summary>One run of the timer. Two archives at a time: each has some pieces in memory.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await using var run = timers.Begin("WriteExports", cancellationToken);
        await run.EachAsync(
            store.DueAsync(time.GetUtcNow(), cancellationToken),
            due => $"{due.ProjectId}|{due.Id}",
            (due, token) => RunAsync(due.ProjectId, due.Id, due.Row, token),
            atATime: 2);
    }

    /// <summary>The next steps of one export, for some minutes.</summary>
    public async Task RunAsync(string projectId, string id, string dueRow, CancellationToken cancellationToken)
    {
        if (await store.FindAsync(projectId, id, cancellationToken) is not { } export || ExportStore.Due(export) != dueRow
            || export.State is ExportState.Failed or ExportState.Expired)
        {
            await store.EndOldDueAsync(dueRow, time.GetUtcNow() - UntilForgotten, cancellationToken);
            return;
        }

        if (export.State == ExportState.Ready)
        {
            await ExpireAsync(export, cancellationToken);
            return;
        }

        var word = Convert.ToHexStringLower(System.Security.Cryptography.RandomNumberGenerator.GetBytes(4));
        var claimed = await store.TrySaveAsync(export, export with { DueAt = time.GetUtcNow() + Lease }, cancellationToken);
        for (var began = time.GetTimestamp(); claimed is { State: ExportState.Running } mine;)
        {
            claimed = await StepAsync(mine, word, cancellationToken);
            if (claimed is { State: ExportState.Running } && time.GetElapsedTime(began) > Slice)
            {
                await store.TrySaveAsync(claimed, claimed with { DueAt = time.GetUtcNow() }, cancellationToken);
                return;
            }
        }

        if (claimed is { State: ExportState.Ready } done)
        {
            Completed(done.Kind, done.Id, done.Bytes);
        }
    }

    /// <summary>Deletes the archive; the record of it stays.</summary>
    public async Task ExpireAsync(Export export, CancellationToken cancellationToken)
    {
        await archives.RemoveAsync(export, cancellationToken);
        await store.TrySaveAsync(
            export, export with { State = ExportState.Expired, DueAt = export.DueAt, Cursor = "", Blocks = "", Subject = "" },
            cancellationToken);
    }

    /// <returns>The export after one more piece. Null when another process has taken over.</returns>
    private async Task<Export?> StepAsync(Export export, string word, CancellationToken cancellationToken)
    {
        using var piece = new MemoryStream();
        var after = export;
        while (after.State == ExportState.Running && piece.Length < PieceBytes)
        {
            after = await AppendAsync(after, piece, cancellationToken);
        }

        if (piece.Length > 0)
        {
            await archives.StageAsync(
                export, ExportBlocks.Id(word, ExportBlocks.CountOf(export.Blocks, word)), piece.ToArray(), cancellationToken);
            after = after with { Blocks = ExportBlocks.With(export.Blocks, word), Bytes = export.Bytes + piece.Length };
        }

        if (after.State == ExportState.Ready)
        {
            await archives.CommitAsync(after, ExportBlocks.Ids(after.Blocks), cancellationToken);
            after = after with { ExpiresAt = time.GetUtcNow() + Kept, DueAt = time.GetUtcNow() + Kept };
        }
        else
        {
            after = ExportBlocks.Count(after.Blocks) >= MaxBlocks
                ? after with { State = ExportState.Failed }
                : after with { DueAt = time.GetUtcNow() + Lease };
        }

        return await store.TrySaveAsync(export, after, cancellationToken);
    }

    /// <summary>Adds the next file of JSON lines, the next part of a copied file, or the end.</summary>
    private async Task<Export> AppendAsync(Export export, MemoryStream piece, CancellationToken cancellationToken)
    {
        var sections = reader.SectionsOf(export.Kind);
        if (export.Section < sections.Count)
        {
            return await AppendLinesAsync(export, sections[export.Section], piece, cancellationToken);
        }

        if (export.Section == sections.Count)
        {
            return await AppendFileAsync(export, piece, cancellationToken);
        }

        var late = reader.SectionsAfterFilesOf(export.Kind);
        var index = export.Section - sections.Count - 1;
        return index < late.Count
            ? await AppendLinesAsync(export, late[index], piece, cancellationToken)
            : await AppendEndAsync(export, piece);
    }

    private async Task<Export> AppendLinesAsync(
        Export export, ExportSection section, MemoryStream piece, CancellationToken cancellationToken)
    {
        using var lines = new MemoryStream();
        var cursor = (string?)export.Cursor;
        do
        {
            var page = await section.ReadAsync(export, cursor!, cancellationToken);
            foreach (var line in page.Lines)
            {
                lines.Write(line);
                lines.WriteByte((byte)'\n');
            }

            cursor = page.Next;
        }
        while (cursor is not null && lines.Length < LinesBytes);

        if (lines.Length > 0)
        {
            var name = $"{section.Name}/{export.Entries + 1:D6}.jsonl";
            piece.Write(await TarEntries.FileAsync(name, lines.ToArray(), export.RequestedAt));
            export = export with { Entries = export.Entries + 1 };
        }

        return cursor is null ? export with { Section = export.Section + 1, Cursor = "" } : export with { Cursor = cursor };
    }

    /// <summary>
    /// The cursor is the file's place in the list, and within a file its length and how much of it is written: <c>dK7c 5000000 4194304</c>.
    /// </summary>
    private async Task<Export> AppendFileAsync(Export export, MemoryStream piece, CancellationToken cancellationToken)
    {
        if (export.Cursor.Split(' ') is [var at, var lengthText, var doneText])
        {
            return await AppendPartAsync(
                export, piece, at, long.Parse(lengthText, System.Globalization.CultureInfo.InvariantCulture),
                long.Parse(doneText, System.Globalization.CultureInfo.InvariantCulture), cancellationToken);
        }

        var (files, next) = await reader.ReadFilesAsync(export, export.Cursor, cancellationToken);
        foreach (var file in files)
        {
            var cursor = ExportReader.CursorOf(export, (file.OwnerUid, file.Id));
            if (await blobs.LengthAsync(file, cancellationToken) is not { } length)
            {
                export = export with { Missing = export.Missing + 1 };
                continue;
            }

            piece.Write(await TarEntries.HeaderAsync(ExportReader.PathOf(file), length, file.CreatedAt));
            return export with
            {
                Entries = export.Entries + 1,
                Cursor = length == 0 ? cursor : $"{cursor} {length} 0",
            };
        }

        return next is null ? export with { Section = export.Section + 1, Cursor = "" } : export with { Cursor = next };
    }

    private async Task<Export> AppendPartAsync(
        Export export, MemoryStream piece, string at, long length, long done, CancellationToken cancellationToken)
    {
        var count = (int)Math.Min(PieceBytes, length - done);
        var uid = export.Kind == ExportKind.User ? export.Uid : at.Split('|')[0];
        var id = export.Kind == ExportKind.User ? at : at.Split('|')[1];
        var bytes = await blobs.ReadPartAsync(ChatKeys.FileBlob(export.ProjectId, uid, id), done, count, cancellationToken);
        if (bytes is null || bytes.Length != count)
        {
            // It was deleted meanwhile. The header has promised its length.
            bytes = new byte[count];
            export = export with { Missing = export.Missing + (done + count == length ? 1 : 0) };
        }

        piece.Write(bytes);
        done += count;
        if (done < length)
        {
            return export with { Cursor = $"{at} {length} {done}" };
        }

        piece.Write(TarEntries.Padding(length));
        return export with { Cursor = at };
    }

    private async Task<Export> AppendEndAsync(Export export, MemoryStream piece)
    {
        var manifest = new ExportManifest(
            export.ProjectId, export.Kind, export.Subject.Length > 0 ? export.Subject : null, export.RequestedAt, time.GetUtcNow(),
            export.Entries, export.Missing);
        piece.Write(await TarEntries.FileAsync(
            "manifest.json", JsonSerializer.SerializeToUtf8Bytes(manifest, ExportJson.Wire.ExportManifest), export.RequestedAt));
        piece.Write(TarEntries.End);
        return export with { State = ExportState.Ready, Entries = export.Entries + 1, Cursor = "" };
    }

    [LoggerMessage(7110, LogLevel.Information, "Exported a {Kind}: {Export}, {Bytes} bytes")]
    private partial void Completed(ExportKind kind, string export, long bytes);
}
