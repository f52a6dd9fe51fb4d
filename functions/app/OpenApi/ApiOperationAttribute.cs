namespace Vox.OpenApi;

/// <summary>Describes an endpoint for the OpenAPI document; what the trigger attribute says already is not repeated.</summary>
/// <param name="tag">The group it is listed under.</param>
/// <param name="summary">One line.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ApiOperationAttribute(string tag, string summary) : Attribute
{
    public string Tag { get; } = tag;

    public string Summary { get; } = summary;

    /// <summary>Body, as JSON.</summary>
    public Type? Request { get; set; }

    /// <summary>Body of the answer 200; without it, the answer is 204.</summary>
    public Type? Response { get; set; }

    /// <summary>Query parameters by name, separated by blanks; optional ones end in <c>?</c>.</summary>
    public string Query { get; set; } = "";

    /// <summary>Text fields of a body that may be a form or JSON, written like <see cref="Query"/>.</summary>
    public string Fields { get; set; } = "";

    /// <summary>An endpoint of the vendor's guide: authenticates with the project's keys and answers errors in the guide's shape.</summary>
    public bool Vendor { get; set; }

    /// <summary>Called by the developer portal's pages: a session cookie instead of an access token.</summary>
    public bool Portal { get; set; }

    /// <summary>Needs no access token.</summary>
    public bool Anonymous { get; set; }
}
