using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace Vox.Tests.Files;

/// <summary>Holds blocks of uploads until they are released.</summary>
internal sealed class HeldBlocks
{
    private static readonly Regex Blocks = new("comp=block&blockid=", RegexOptions.None, TimeSpan.FromSeconds(1));

    private readonly IPage page;
    private readonly List<IRoute> routes = [];
    private readonly TaskCompletionSource reached = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private HeldBlocks(IPage page) => this.page = page;

    /// <summary>A block has been stopped.</summary>
    public Task Reached => reached.Task;

    /// <param name="first">The first block that is stopped.</param>
    public static async Task<HeldBlocks> HoldAsync(IPage page, int first)
    {
        var held = new HeldBlocks(page);
        await page.RouteAsync(Blocks, async route =>
        {
            if (NumberOf(route.Request.Url) >= first)
            {
                held.Hold(route);
            }
            else
            {
                await route.ContinueAsync();
            }
        });
        return held;
    }

    public static int NumberOf(string url)
    {
        var id = Uri.UnescapeDataString(
            Regex.Match(url, "blockid=(?<id>[^&]+)", RegexOptions.None, TimeSpan.FromSeconds(1)).Groups["id"].Value);
        return int.Parse(Encoding.ASCII.GetString(Convert.FromBase64String(id)), CultureInfo.InvariantCulture);
    }

    private void Hold(IRoute route)
    {
        lock (routes)
        {
            routes.Add(route);
        }

        reached.TrySetResult();
    }

    public async Task ReleaseAsync()
    {
        await page.UnrouteAsync(Blocks);
        foreach (var route in routes)
        {
            try
            {
                await route.AbortAsync();
            }
            catch (PlaywrightException)
            {
                // The request belongs to a page that was left meanwhile.
            }
        }
    }
}
