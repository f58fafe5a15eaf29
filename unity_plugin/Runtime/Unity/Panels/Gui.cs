using UnityEngine;

namespace Sentio
{
    /// <summary>Draws Sentio's screens with Unity's immediate mode.</summary>
    /// <remarks>Text has a contrast of at least 4.5 to 1 (WCAG 2.2, 1.4.3); colours of states are always shown with a
    /// word. Sizes scale with the screen's DPI, as far as a panel still fits.</remarks>
    internal sealed class Gui
    {
        private const float Padding = 20f;
        private const float Spacing = 8f;
        private const float BarHeight = 8f;
        // Least width and height of the screen in the units of panels, and the smallest scale.
        private const float LeastSize = 400f;
        private const float LeastScale = 0.6f;

        private GUIStyle _title, _text, _small, _button, _toggle;
        private Matrix4x4 _before;
        private Vector2 _scrolled;
        private Rect _window;
        private bool _outside, _listing;
        private readonly ScreenFocus _focus;

        /// <summary>Draws a screen; without <paramref name="focus"/> one that has no controls.</summary>
        internal Gui(ScreenFocus focus = null) { _focus = focus; }

        internal GUIStyle Title { get { return _title; } }
        internal GUIStyle Body { get { return _text; } }
        internal GUIStyle Small { get { return _small; } }

        /// <summary>Screen size in the units of <see cref="Begin"/>.</summary>
        internal static Vector2 Screen { get { return new Vector2(UnityEngine.Screen.width, UnityEngine.Screen.height) * (1f / Scale); } }

        private static float Scale
        {
            get
            {
                float fits = Mathf.Min(UnityEngine.Screen.width, UnityEngine.Screen.height) / LeastSize;
                return Mathf.Max(Mathf.Min(Mathf.Clamp(UnityEngine.Screen.dpi / 96f, 1f, 4f), fits), LeastScale);
            }
        }

        /// <summary>Height of a panel of a width around one text.</summary>
        internal float HeightAround(string text, float width)
        {
            if (_title == null) Make();
            return _text.CalcHeight(new GUIContent(text), width - 2 * Padding) + 2 * Padding + Spacing;
        }

        /// <summary>Begins a panel in the middle of the screen, of at most a width and a height; end it with <see cref="End"/>.</summary>
        internal void BeginCentred(float width, float height)
        {
            Vector2 screen = Screen;
            width = Mathf.Min(width, screen.x);
            height = Mathf.Min(height, screen.y);
            Begin(new Rect((screen.x - width) / 2, (screen.y - height) / 2, width, height));
        }

        /// <summary>Begins a panel with a dark background; end it with <see cref="End"/>.</summary>
        internal void Begin(Rect place)
        {
            if (_title == null) Make();
            if (_focus != null) _focus.BeginDraw();
            _before = GUI.matrix;
            GUI.matrix = Matrix4x4.Scale(new Vector3(Scale, Scale, 1f));
            Fill(place, Palette.Line);
            Fill(new Rect(place.x + 1, place.y + 1, place.width - 2, place.height - 2), Palette.Ground);
            GUILayout.BeginArea(new Rect(place.x + Padding, place.y + Padding, place.width - 2 * Padding, place.height - 2 * Padding));
        }

        internal void End()
        {
            GUILayout.EndArea();
            GUI.matrix = _before;
            if (_focus != null) _focus.EndDraw();
        }

        /// <summary>A label of a colour.</summary>
        internal void Label(string text, GUIStyle style, Color tone)
        {
            style.normal.textColor = tone;
            GUILayout.Label(text, style);
        }

        /// <summary>A button; whether it was clicked, or pressed by keyboard or gamepad.</summary>
        internal bool Button(string name, string text) { return GUILayout.Button(text, _button) | IsPressed(name); }

        /// <summary>A switch; whether it is on now.</summary>
        internal bool Toggle(string name, bool on, string text) { return GUILayout.Toggle(on, text, _toggle) ^ IsPressed(name); }

        /// <summary>A line of text that the player types; what is typed now. Pressing it begins, Enter and Escape end.</summary>
        internal string Field(string name, string text)
        {
            Event now = Event.current;
            bool ends = now.keyCode == KeyCode.Return || now.keyCode == KeyCode.KeypadEnter || now.keyCode == KeyCode.Escape;
            if (now.type == EventType.KeyDown && ends) GUIUtility.keyboardControl = 0;
            GUI.SetNextControlName(name);
            string typed = GUILayout.TextField(text);
            if (IsPressed(name)) GUI.FocusControl(name);
            return typed;
        }

        /// <summary>Begins a scrolling list; end it with <see cref="EndScroll"/>.</summary>
        internal void BeginScroll()
        {
            bool repaint = Event.current.type == EventType.Repaint, over = repaint && SentioInput.IsOver(_window);
            if (over) _scrolled.y += SentioInput.ScrollPixels / Scale;
            // Controls that are scrolled out of view cannot be clicked.
            _outside = !over;
            _scrolled = GUILayout.BeginScrollView(_scrolled);
            _listing = true;
        }

        /// <summary>Scrolls the list by pages, down if they are positive.</summary>
        internal void ScrollPages(float pages) { _scrolled.y += pages * _window.height; }

        internal void EndScroll()
        {
            bool repaint = Event.current.type == EventType.Repaint;
            float end = repaint ? GUILayoutUtility.GetLastRect().yMax : 0;
            GUILayout.EndScrollView();
            _outside = _listing = false;
            if (!repaint) return;
            _window = GUILayoutUtility.GetLastRect();
            if (_focus != null && _focus.Moved) ScrollToFocus(end);
            _scrolled.y = Mathf.Clamp(_scrolled.y, 0, Mathf.Max(end - _window.height, 0));
        }

        // With the first control the text above it is shown, and after the last one the text below it.
        private void ScrollToFocus(float end)
        {
            Rect at;
            _focus.Moved = false;
            if (!_focus.TryListed(out at)) _scrolled.y = _focus.LeftList ? end : _scrolled.y;
            else if (_focus.IsFirstListed) _scrolled.y = 0;
            else _scrolled.y = Mathf.Clamp(_scrolled.y, at.yMax + Spacing - _window.height, at.y - Spacing);
        }

        private bool IsPressed(string name)
        {
            bool clicked = SentioInput.ClickedLast && !_outside;
            return clicked | (_focus != null && _focus.Take(name, _listing));
        }

        /// <summary>Draws how much of something is done or there, 0..1, as a bar as wide as the panel.</summary>
        internal static void Bar(float share)
        {
            Rect place = GUILayoutUtility.GetRect(1f, BarHeight, GUILayout.ExpandWidth(true));
            Fill(place, Palette.Line);
            place.width *= Mathf.Clamp01(share);
            Fill(place, Palette.Teal);
        }

        internal static void Fill(Rect place, Color tone)
        {
            Color before = GUI.color;
            GUI.color = tone;
            GUI.DrawTexture(place, Texture2D.whiteTexture);
            GUI.color = before;
        }

        private void Make()
        {
            _title = Style(GUI.skin.label, 22, FontStyle.Bold);
            _text = Style(GUI.skin.label, 15, FontStyle.Normal);
            _small = Style(GUI.skin.label, 12, FontStyle.Normal);
            _button = Style(GUI.skin.button, 15, FontStyle.Normal);
            _toggle = Style(GUI.skin.toggle, 15, FontStyle.Normal);
        }

        private static GUIStyle Style(GUIStyle from, int size, FontStyle weight)
        {
            var made = new GUIStyle(from) { fontSize = size, fontStyle = weight, wordWrap = true };
            made.normal.textColor = Palette.Text;
            return made;
        }
    }
}
