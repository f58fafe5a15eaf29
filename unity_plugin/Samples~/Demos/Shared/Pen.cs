using UnityEngine;

namespace Sentio.Demos
{
    /// <summary>Draws rectangles and texts with immediate mode, in units that fit the screen.</summary>
    public sealed class Pen
    {
        private const float Width = 1152f;
        private const float Height = 648f;
        private const float LeastScale = 0.5f;

        private GUIStyle _style;
        private Matrix4x4 _before;

        /// <summary>Size of the screen in these units.</summary>
        public static Vector2 Size { get { return new Vector2(Screen.width, Screen.height) * (1 / Scale); } }

        private static float Scale { get { return Mathf.Max(Mathf.Min(Screen.width / Width, Screen.height / Height), LeastScale); } }

        /// <summary>Begins to draw; end it with <see cref="End"/>.</summary>
        public void Begin()
        {
            if (_style == null) _style = new GUIStyle(GUI.skin.label) { wordWrap = true };
            _before = GUI.matrix;
            GUI.matrix = Matrix4x4.Scale(new Vector3(Scale, Scale, 1));
        }

        /// <summary>Ends drawing.</summary>
        public void End() { GUI.matrix = _before; }

        /// <summary>A rectangle of a colour.</summary>
        public void Fill(Rect place, Color tone)
        {
            Color before = GUI.color;
            GUI.color = tone;
            GUI.DrawTexture(place, Texture2D.whiteTexture);
            GUI.color = before;
        }

        /// <summary>A text, with a shadow so that it stays readable over the game.</summary>
        public void Text(string text, Rect place, int size, Color tone, TextAnchor anchor = TextAnchor.UpperLeft)
        {
            _style.fontSize = size;
            _style.alignment = anchor;
            _style.normal.textColor = new Color(0, 0, 0, 0.7f);
            GUI.Label(new Rect(place.x + 1, place.y + 1, place.width, place.height), text, _style);
            _style.normal.textColor = tone;
            GUI.Label(place, text, _style);
        }
    }
}
