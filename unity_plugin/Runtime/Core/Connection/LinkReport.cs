namespace Sentio
{
    /// <summary>How a connection stood when the background thread looked last; never changed once it is made.</summary>
    internal sealed class LinkReport
    {
        /// <summary>Before anything was tried.</summary>
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

        /// <summary>Tells how <paramref name="link"/> stands: by this report where nothing changed, else by a new one.</summary>
        public LinkReport Of(Link link)
        {
            bool same = link.IsUp == IsUp && link.Ups == Ups && link.Code == Code;
            return same ? this : new LinkReport(link.IsUp, link.Code, link.Detail, link.Ups);
        }
    }
}
