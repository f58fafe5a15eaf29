using UnityEngine;

namespace Sentio.Demos
{
    /// <summary>The player's display: health, points, tension, the watches of the night, the warden's health, and
    /// texts when something begins or ends.</summary>
    public sealed class Gauges
    {
        private static readonly Color Text = new Color(0.93f, 0.95f, 0.97f);
        private static readonly Color Flame = new Color(1f, 0.6f, 0.3f);
        private static readonly Color Out = new Color(1, 1, 1, 0.22f);
        private static readonly Color Sun = new Color(1f, 0.773f, 0.431f);
        private static readonly Color Warden = new Color(1f, 0.58f, 0.84f);

        /// <summary>Health of the lantern.</summary>
        public int Health { get; set; }

        /// <summary>Points of this night.</summary>
        public int Points { get; set; }

        /// <summary>Best score of earlier nights; 0 before the first ends.</summary>
        public int Best { get; set; }

        /// <summary>Completed watches of the night.</summary>
        public int Watches { get; set; }

        /// <summary>Tension, 0..1: a bar without a number.</summary>
        public float Intensity { get; set; }

        /// <summary>Text below the bar.</summary>
        public string Phase { get; set; } = "";

        /// <summary>Health of the warden, 0..1; 0 while there is none.</summary>
        public float WardenHealth { get; set; }

        /// <summary>A large text; empty for none.</summary>
        public string Headline { get; set; } = "";

        /// <summary>A smaller line below the large text.</summary>
        public string Line { get; set; } = "";

        /// <summary>Whether the texts leave the middle to a page.</summary>
        public bool Raised { get; set; }

        /// <summary>Draws it.</summary>
        public void Draw(Pen pen)
        {
            Vector2 screen = Pen.Size;
            for (int i = 0; i < Hero.MostHealth; i++) pen.Fill(new Rect(24 + 24 * i, 22, 14, 22), i < Health ? Flame : Out);
            pen.Text(Points.ToString(), new Rect(24, 50, 200, 44), 32, Text);
            if (Best > 0) pen.Text("best " + Best, new Rect(24, 94, 200, 24), 15, Text);
            float middle = screen.x / 2;
            Bar(pen, new Rect(middle - 100, 24, 200, 5), Intensity, Flame);
            pen.Text(Phase, new Rect(middle - 100, 34, 200, 26), 17, Text, TextAnchor.UpperCenter);
            for (int i = 0; i < Night.Watches; i++)
                pen.Fill(new Rect(middle - 5 + 26 * (i - (Night.Watches - 1) / 2f), 66, 10, 10), i < Watches ? Sun : Out);
            if (WardenHealth > 0)
            {
                pen.Text("the warden", new Rect(middle - 150, 84, 300, 26), 17, Warden, TextAnchor.UpperCenter);
                Bar(pen, new Rect(middle - 150, 112, 300, 8), WardenHealth, Warden);
            }
            if (Headline.Length == 0) return;
            float top = Raised ? Mathf.Max(screen.y / 2 - 204, 124) : 0.36f * screen.y;
            pen.Text(Headline, new Rect(16, top, screen.x - 32, 70), 48, Text, TextAnchor.UpperCenter);
            pen.Text(Line, new Rect(16, top + 72, screen.x - 32, 48), 18, Text, TextAnchor.UpperCenter);
        }

        private static void Bar(Pen pen, Rect rail, float share, Color tone)
        {
            pen.Fill(rail, Out);
            pen.Fill(new Rect(rail.x, rail.y, rail.width * Mathf.Clamp01(share), rail.height), tone);
        }
    }
}
