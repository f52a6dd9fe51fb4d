using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace Vox.Tests.Portal;

/// <summary>Looks for barriers to people with disabilities, with axe-core. It is part of its package, so nothing is downloaded.</summary>
internal static class Axe
{
    /// <summary>Serious and critical findings, one per line, each with the element that it is about.</summary>
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
