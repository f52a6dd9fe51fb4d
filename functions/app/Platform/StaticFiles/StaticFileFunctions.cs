using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Vox.Platform.Http;

namespace Vox.Platform.StaticFiles;

/// <summary>
/// Serves the SDK, the demo and the documentation. Among matching routes the first function by name wins, so these names come after all
/// others.
/// </summary>
public sealed class StaticFileFunctions(StaticFileLibrary store)
{
    [Function("ZyGetSdk")]
    public IActionResult GetSdk(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "js/{file}")] HttpRequest request, string file) =>
        Answer($"js/{file}");

    [Function("ZyGetDemo")]
    public IActionResult GetDemo(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "demo/{*path}")] HttpRequest request, string? path)
    {
        if (path is not { Length: > 0 })
        {
            // Addresses in the page are relative to the folder.
            return request.Path.Value!.EndsWith('/') ? Answer("demo/index.html") : WireResults.Redirect("/demo/" + request.QueryString);
        }

        return Answer($"demo/{path}");
    }

    [Function("ZyGetDocs")]
    public IActionResult GetDocs(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "docs/{*path}")] HttpRequest request, string? path)
    {
        var name = (path ?? "").TrimEnd('/');
        if (store.Find($"docs/{name}") is { } file)
        {
            return new StaticFileResult(file, store);
        }

        // A page is the index.html of a folder, and its address ends with a slash.
        var page = name.Length == 0 ? "docs/index.html" : $"docs/{name}/index.html";
        return store.Find(page) is null ? WireResults.NotFound
            : request.Path.Value!.EndsWith('/') ? Answer(page)
            : WireResults.Redirect(request.Path.Value + "/" + request.QueryString);
    }

    /// <summary>Where programs look first that read a site (llmstxt.org).</summary>
    [Function("ZyGetLlms")]
    public IActionResult GetLlms(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "llms.txt")] HttpRequest request) => Answer("docs/llms.txt");

    [Function("ZyGetRoot")]
    public IActionResult GetRoot(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "{x:maxlength(0)?}")] HttpRequest request) =>
        WireResults.Redirect("/demo/");

    private IActionResult Answer(string path) =>
        store.Find(path) is { } file ? new StaticFileResult(file, store) : WireResults.NotFound;
}
