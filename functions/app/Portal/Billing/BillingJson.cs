using System.Text.Json.Serialization;
using Vox.Platform.Http;

namespace Vox.Portal.Billing;

[JsonSerializable(typeof(CreditsResponse))]
[JsonSerializable(typeof(Invoice))]
[JsonSerializable(typeof(InvoiceHead))]
[JsonSerializable(typeof(InvoiceList))]
[JsonSerializable(typeof(PaymentRequest))]
[JsonSerializable(typeof(PaymentResponse))]
[JsonSerializable(typeof(PaymentStarted))]
[JsonSerializable(typeof(PricesResponse))]
[JsonSerializable(typeof(RatesRequest))]
[JsonSerializable(typeof(RatesResponse))]
[JsonSerializable(typeof(SandboxRequest))]
internal sealed partial class BillingJson : JsonSerializerContext
{
    public static BillingJson Wire { get; } = new(WireFormat.NewOptions());
}
