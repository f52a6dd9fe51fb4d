using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Infrastructure;

namespace Vox.Platform.Http;

/// <summary>302 to another address.</summary>
internal sealed class RedirectTo(string address) : IActionResult, IStatusCodeActionResult
{
    int? IStatusCodeActionResult.StatusCode => StatusCodes.Status302Found;

    public Task ExecuteResultAsync(ActionContext context)
    {
        context.HttpContext.Response.Redirect(address);
        return Task.CompletedTask;
    }
}
