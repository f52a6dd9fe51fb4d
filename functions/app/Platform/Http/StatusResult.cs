using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Infrastructure;

namespace Vox.Platform.Http;

/// <summary>A status without a body.</summary>
internal sealed class StatusResult(int status) : IActionResult, IStatusCodeActionResult
{
    int? IStatusCodeActionResult.StatusCode => status;

    public Task ExecuteResultAsync(ActionContext context)
    {
        context.HttpContext.Response.StatusCode = status;
        return Task.CompletedTask;
    }
}
