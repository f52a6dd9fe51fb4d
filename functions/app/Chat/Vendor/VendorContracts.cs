namespace Vox.Chat.Vendor;

/// <summary>The vendor's <c>{"data":{"code":200,"message":"User created"}}</c> (guide, tables 5 and 7).</summary>
internal sealed record VendorResponse(VendorData Data);

internal sealed record VendorData(int Code, string Message);

/// <summary>The vendor's <c>{"status":"Success","code":200}</c> (guide, table 13). <c>id</c> is our addition, only on success.</summary>
internal sealed record VendorStatus(string Status, int Code, string? Id = null);
