namespace Vox.Platform.OpenApi;

/// <summary>Describes an endpoint for the OpenAPI document, except for what the trigger attribute already says.</summary>
/// <param name="tag">The group it is listed under.</param>
/// <param name="summary">One line.</param>
[AttributeUsage(AttributeTargets.Method)]
internal class ApiOperationAttribute(string tag, string summary) : Attribute
{
    public string Tag { get; } = tag;

    public string Summary { get; } = summary;

    /// <summary>What the summary does not say: limits, side effects, when to use it. Sentences.</summary>
    public string Description { get; set; } = "";

    /// <summary>A body to start from, as JSON.</summary>
    public string RequestExample { get; set; } = "";

    /// <summary>An answer, as JSON.</summary>
    public string ResponseExample { get; set; } = "";

    /// <summary>Headers of the request, written like <see cref="Query"/>.</summary>
    public string Headers { get; set; } = "";

    /// <summary>Body, as JSON.</summary>
    public Type? Request { get; set; }

    /// <summary>Body of the 200 answer. Without one, the answer is 204.</summary>
    public Type? Response { get; set; }

    /// <summary>
    /// Query parameters by name, separated by blanks; optional ones end in <c>?</c>. They are texts unless a type follows, as in
    /// <c>id size:integer?</c>: <c>integer</c>, <c>boolean</c>, <c>date</c> or <c>date-time</c>.
    /// </summary>
    public string Query { get; set; } = "";

    /// <summary>Text fields of a body that may be a form or JSON, written like <see cref="Query"/>.</summary>
    public string Fields { get; set; } = "";

    /// <summary>Whether the endpoint needs no credentials, or checks them in its own way.</summary>
    public bool Anonymous { get; set; }

    /// <summary>How callers authenticate, unless the endpoint is <see cref="Anonymous"/>.</summary>
    public virtual ApiSecurity Security => ApiSecurity.AccessToken;

    /// <summary>The headers with those that the kind of endpoint has by itself.</summary>
    public virtual string HeadersOf(string method) => Headers;

    /// <summary>What the caller needs to be allowed this, as a sentence; null where <see cref="Security"/> says it all.</summary>
    public virtual string? Needs => null;

    /// <summary>Whether refusals have the shape of RFC 9457; otherwise they have that of <see cref="Response"/>.</summary>
    public virtual bool AnswersProblems => true;
}
