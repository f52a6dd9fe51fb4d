namespace Vox.Platform.OpenApi;

/// <summary>Describes an endpoint for the OpenAPI document; what the trigger attribute says already is not repeated.</summary>
/// <param name="tag">The group it is listed under.</param>
/// <param name="summary">One line.</param>
[AttributeUsage(AttributeTargets.Method)]
public class ApiOperationAttribute(string tag, string summary) : Attribute
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

    /// <summary>Needs no credentials, or checks them in a way of its own.</summary>
    public bool Anonymous { get; set; }

    /// <summary>How callers show who they are, unless the endpoint is <see cref="Anonymous"/>.</summary>
    public virtual ApiSecurity Security => ApiSecurity.AccessToken;

    /// <summary>Refusals have the shape of RFC 9457; otherwise that of <see cref="Response"/>.</summary>
    public virtual bool AnswersProblems => true;
}
