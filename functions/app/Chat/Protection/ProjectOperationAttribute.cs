using Vox.Platform.OpenApi;

namespace Vox.Chat.Protection;

/// <summary>
/// Describes an endpoint of our own for the customer's server. It takes the project's keys as fields, like those of the vendor's guide, and
/// answers errors like the rest of our own (RFC 9457).
/// </summary>
internal sealed class ProjectOperationAttribute : ApiOperationAttribute
{
    public ProjectOperationAttribute(string tag, string summary)
        : base(tag, summary) => Anonymous = true;
}
