using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace Vox.Tests.Portal;

/// <summary>Looks for what keeps people with disabilities out (axe-core, shipped in its package: nothing is fetched).</summary>
internal static class Axe
{
    /// <summary>Serious and critical findings as lines, each with what it is about.</summary>
    public static async Task<List<string>> FindingsAsync(IPage page, string where)
    {
        AxeResult result = await page.RunAxe();
        return
        [
            .. from finding in result.Violations
               where finding.Impact is "serious" or "critical"
               from node in finding.Nodes
               select $"{where}: {finding.Id} ({finding.Impact}): {node.Html}: "
                   + $"{string.Join("; ", node.Any.Concat(node.All).Concat(node.None).Select(check => check.Message))}",
        ];
    }
}
