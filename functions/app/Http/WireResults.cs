using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Mvc;

namespace Vox.Http;

public static class WireResults
{
    /// <summary>
    /// 200 with a JSON body written by generated code. A <see cref="ContentResult"/> because it is sent in one piece with its length,
    /// where an OkObjectResult is chunked.
    /// </summary>
    public static ContentResult Json<T>(T body, JsonTypeInfo<T> type, int status = 200) =>
        new() { StatusCode = status, Content = JsonSerializer.Serialize(body, type), ContentType = "application/json" };
}
