using Microsoft.AspNetCore.Mvc;
using Vox.Platform.ErrorCatalogue;

namespace Vox.Platform.Http;

/// <summary>Functions whose errors do not look like RFC 9457, because somebody else's documentation prescribes their shape.</summary>
internal sealed class ErrorShapes
{
    private readonly Dictionary<string, Func<VoxException, IActionResult>> byFunction = new(StringComparer.Ordinal);

    /// <param name="function">The function's name.</param>
    public void Set(string function, Func<VoxException, IActionResult> shape) => byFunction[function] = shape;

    /// <returns>Null for the usual shape.</returns>
    public Func<VoxException, IActionResult>? Find(string function) => byFunction.GetValueOrDefault(function);
}
