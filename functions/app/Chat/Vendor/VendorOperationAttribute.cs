using Vox.Platform.OpenApi;

namespace Vox.Chat.Vendor;

/// <summary>
/// Describes an endpoint of the vendor's guide. It takes the project's keys as fields and answers errors in the guide's form.
/// </summary>
internal sealed class VendorOperationAttribute : ApiOperationAttribute
{
    public VendorOperationAttribute(string tag, string summary)
        : base(tag, summary) => Anonymous = true;

    public override bool AnswersProblems => false;
}
