namespace Sentio
{
    /// <summary>Immutable snapshot of a link, made by the background thread.</summary>
    internal sealed class LinkReport
    {
        /// <summary>Before the first attempt.</summary>
        public static readonly LinkReport None = new LinkReport(false, "", "", 0);

        public readonly bool IsUp;
        public readonly string Code;
        public readonly string Detail;
        public readonly int Ups;

        private LinkReport(bool isUp, string code, string detail, int ups)
        {
            IsUp = isUp;
            Code = code;
            Detail = detail;
            Ups = ups;
        }

        /// <summary>A snapshot of <paramref name="link"/>; this one if nothing changed.</summary>
        public LinkReport Of(Link link)
        {
            bool same = link.IsUp == IsUp && link.Ups == Ups && link.Code == Code;
            return same ? this : new LinkReport(link.IsUp, link.Code, link.Detail, link.Ups);
        }
    }
}
