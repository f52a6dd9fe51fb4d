using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Vox.Portal.Http;

/// <summary>A CSV file of any length. It is sent while it is read, so it is never in memory as a whole.</summary>
/// <param name="rows">Already at its first row, if there is one.</param>
/// <param name="any">Whether there is a first row.</param>
internal sealed class CsvDownload(string name, string[] header, IAsyncEnumerator<string[]> rows, bool any) : IActionResult
{
    private const int Portion = 32 * 1024;

    /// <param name="name">The name of the file; it must not need quotes.</param>
    /// <param name="rows">
    /// Are read after the function has ended. So only the browser's going away may cancel that, not the function's token.
    /// </param>
    public static async Task<IActionResult> StartAsync(HttpRequest request, string name, string[] header, IAsyncEnumerable<string[]> rows)
    {
        var reading = rows.GetAsyncEnumerator(request.HttpContext.RequestAborted);
        try
        {
            // The first row is read here, where a failure still becomes a proper answer.
            return new CsvDownload(name, header, reading, await reading.MoveNextAsync());
        }
        catch
        {
            await reading.DisposeAsync();
            throw;
        }
    }

    public async Task ExecuteResultAsync(ActionContext context)
    {
        await using var reading = rows;
        var response = context.HttpContext.Response;
        response.ContentType = "text/csv; charset=utf-8";
        response.Headers.ContentDisposition = $"attachment; filename={name}";
        response.Headers.CacheControl = "no-store";
        response.Headers.XContentTypeOptions = "nosniff";
        var text = new StringBuilder("\uFEFF");
        Csv.Append(text, header);
        for (var more = any; more; more = await reading.MoveNextAsync())
        {
            Csv.Append(text, reading.Current);
            if (text.Length >= Portion)
            {
                await SendAsync();
            }
        }

        await SendAsync();

        async Task SendAsync()
        {
            await response.Body.WriteAsync(Encoding.UTF8.GetBytes(text.ToString()), context.HttpContext.RequestAborted);
            text.Clear();
        }
    }
}
